package dev.vitrine.server.jdbc;

import dev.vitrine.server.result.Column;
import java.sql.ParameterMetaData;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.AvaticaType;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.SqlType;
import org.jspecify.annotations.Nullable;

/** What Avatica's clients are told of a statement: its columns and parameters. */
final class Signatures {
    private Signatures() {}

    /**
     * The signature of a query; rows come as lists.
     *
     * @param parameters null where the statement has none
     */
    static Meta.Signature of(String sql, ResultSetMetaData result, @Nullable ParameterMetaData parameters)
            throws SQLException {
        return new Meta.Signature(
                columns(result),
                sql,
                parameters == null ? List.of() : parameters(parameters),
                Map.of(),
                Meta.CursorFactory.LIST,
                Meta.StatementType.SELECT);
    }

    private static List<ColumnMetaData> columns(ResultSetMetaData result) throws SQLException {
        List<Column> columns = Column.of(result);
        List<ColumnMetaData> described = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            described.add(new ColumnMetaData(
                    i - 1,
                    result.isAutoIncrement(i),
                    result.isCaseSensitive(i),
                    result.isSearchable(i),
                    result.isCurrency(i),
                    result.isNullable(i),
                    result.isSigned(i),
                    result.getColumnDisplaySize(i),
                    result.getColumnLabel(i),
                    result.getColumnName(i),
                    result.getSchemaName(i),
                    result.getPrecision(i),
                    result.getScale(i),
                    result.getTableName(i),
                    result.getCatalogName(i),
                    type(columns.get(i - 1)),
                    true,
                    false,
                    false,
                    result.getColumnClassName(i)));
        }
        return described;
    }

    private static AvaticaType type(Column column) {
        if (column.type() != Types.ARRAY) {
            return scalar(column.type(), column.typeName());
        }
        SqlType element = SqlType.valueOf(column.elementType());
        return ColumnMetaData.array(
                ColumnMetaData.scalar(element.id, element.name(), Rep.serialRepOf(element)),
                column.typeName(),
                Rep.ARRAY);
    }

    private static AvaticaType scalar(int type, String typeName) {
        return ColumnMetaData.scalar(type, typeName, Rep.of(SqlType.valueOf(type).internal));
    }

    private static List<AvaticaParameter> parameters(ParameterMetaData metaData) throws SQLException {
        List<AvaticaParameter> parameters = new ArrayList<>();
        for (int i = 1; i <= metaData.getParameterCount(); i++) {
            parameters.add(new AvaticaParameter(
                    metaData.isSigned(i),
                    metaData.getPrecision(i),
                    metaData.getScale(i),
                    metaData.getParameterType(i),
                    metaData.getParameterTypeName(i),
                    metaData.getParameterClassName(i),
                    "?" + i));
        }
        return parameters;
    }
}
