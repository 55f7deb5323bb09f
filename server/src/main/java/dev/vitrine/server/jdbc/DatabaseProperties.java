package dev.vitrine.server.jdbc;

import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import org.apache.calcite.avatica.Meta.DatabaseProperty;

/** What a client can ask about the database as a whole. */
final class DatabaseProperties {
    private DatabaseProperties() {}

    static Map<DatabaseProperty, Object> of(DatabaseMetaData data) throws SQLException {
        Map<DatabaseProperty, Object> properties = new EnumMap<>(DatabaseProperty.class);
        for (DatabaseProperty property : DatabaseProperty.values()) {
            properties.put(property, value(data, property));
        }
        return properties;
    }

    private static Object value(DatabaseMetaData data, DatabaseProperty property) throws SQLException {
        return switch (property) {
            case GET_NUMERIC_FUNCTIONS -> data.getNumericFunctions();
            case GET_STRING_FUNCTIONS -> data.getStringFunctions();
            case GET_SYSTEM_FUNCTIONS -> data.getSystemFunctions();
            case GET_TIME_DATE_FUNCTIONS -> data.getTimeDateFunctions();
            case GET_S_Q_L_KEYWORDS -> data.getSQLKeywords();
            case GET_DEFAULT_TRANSACTION_ISOLATION -> data.getDefaultTransactionIsolation();
            case GET_DRIVER_VERSION -> data.getDriverVersion();
            case GET_DRIVER_MINOR_VERSION -> data.getDriverMinorVersion();
            case GET_DRIVER_MAJOR_VERSION -> data.getDriverMajorVersion();
            case GET_DRIVER_NAME -> data.getDriverName();
            case GET_DATABASE_MINOR_VERSION -> data.getDatabaseMinorVersion();
            case GET_DATABASE_MAJOR_VERSION -> data.getDatabaseMajorVersion();
            case GET_DATABASE_PRODUCT_NAME -> data.getDatabaseProductName();
            case GET_DATABASE_PRODUCT_VERSION -> data.getDatabaseProductVersion();
            case AVATICA_VERSION -> property.defaultValue;
        };
    }
}
