package dev.vitrine.server.result;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One column of a result.
 *
 * @param name its label in the query
 * @param typeName SQL name of its type, e.g. {@code REAL ARRAY}
 * @param type of {@link Types}
 * @param elementType of an array's elements, of {@link Types}; {@link Types#NULL} for other columns
 */
public record Column(String name, String typeName, int type, int elementType) {

    /** The columns of a result, in order. */
    public static List<Column> of(ResultSetMetaData metaData) throws SQLException {
        List<Column> columns = new ArrayList<>();
        for (int i = 1; i <= metaData.getColumnCount(); i++) {
            String typeName = metaData.getColumnTypeName(i).replace(" NOT NULL", "");
            int type = metaData.getColumnType(i);
            int elementType = type == Types.ARRAY ? elementType(typeName) : Types.NULL;
            columns.add(new Column(metaData.getColumnLabel(i), typeName, type, elementType));
        }
        return columns;
    }

    /** JDBC's metadata says only ARRAY; the name says of what. */
    private static int elementType(String typeName) {
        String element = typeName.toUpperCase(Locale.ROOT).replaceAll("[ (].*", "");
        return switch (element) {
            case "REAL" -> Types.REAL;
            case "DOUBLE", "FLOAT" -> Types.DOUBLE;
            case "INTEGER" -> Types.INTEGER;
            case "BIGINT" -> Types.BIGINT;
            case "BOOLEAN" -> Types.BOOLEAN;
            default -> Types.VARCHAR;
        };
    }

    /** Whether its values are numbers. */
    boolean isNumeric() {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.DECIMAL,
                    Types.NUMERIC -> true;
            default -> false;
        };
    }
}
