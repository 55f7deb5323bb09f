package dev.vitrine.sql;

import dev.vitrine.sql.plan.ColumnOrigin;
import dev.vitrine.sql.plan.CompiledQuery;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.AvaticaType;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.SqlType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** Calcite's types as JDBC describes them. */
final class ResultColumns {
    private ResultColumns() {}

    /** The columns of a result. */
    static List<ColumnMetaData> of(CompiledQuery query) {
        List<ColumnMetaData> columns = new ArrayList<>();
        for (RelDataTypeField field : query.rowType().getFieldList()) {
            RelDataType type = field.getType();
            AvaticaType jdbc = type(type, query.types());
            ColumnOrigin origin = query.origins().get(field.getIndex());
            columns.add(new ColumnMetaData(
                    field.getIndex(),
                    false,
                    SqlTypeUtil.inCharFamily(type),
                    true,
                    false,
                    type.isNullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                    SqlTypeUtil.isNumeric(type),
                    displaySize(type),
                    field.getName(),
                    origin.column().isEmpty() ? field.getName() : origin.column(),
                    origin.schema(),
                    precision(type),
                    scale(type),
                    origin.table(),
                    "",
                    jdbc,
                    true,
                    false,
                    false,
                    jdbc.columnClassName()));
        }
        return columns;
    }

    /** How many characters a value can take, as it is printed; the largest number where there is no such limit. */
    private static int displaySize(RelDataType type) {
        return switch (type.getSqlTypeName()) {
            case BOOLEAN -> "false".length();
            case TINYINT -> "-128".length();
            case SMALLINT -> "-32768".length();
            case INTEGER -> String.valueOf(Integer.MIN_VALUE).length();
            case BIGINT -> String.valueOf(Long.MIN_VALUE).length();
            case REAL -> "-1.17549435E-38".length();
            case FLOAT, DOUBLE -> "-2.2250738585072014E-308".length();
            case DECIMAL -> type.getPrecision() + "-.".length();
            case DATE -> "2020-02-29".length();
            case TIME -> "12:34:56.789".length();
            case TIMESTAMP -> "2020-02-29 12:34:56.789".length();
            case CHAR, VARCHAR, BINARY, VARBINARY -> precision(type);
            default -> Integer.MAX_VALUE;
        };
    }

    /** The parameters of a statement. */
    static List<AvaticaParameter> parameters(RelDataType parameters, JavaTypeFactory types) {
        return parameters.getFieldList().stream()
                .map(field -> {
                    AvaticaType type = type(field.getType(), types);
                    return new AvaticaParameter(
                            true,
                            precision(field.getType()),
                            scale(field.getType()),
                            type.id,
                            type.getName(),
                            type.columnClassName(),
                            field.getName());
                })
                .toList();
    }

    static AvaticaType type(RelDataType type, JavaTypeFactory types) {
        String name = name(type);
        RelDataType element = type.getComponentType();
        if (type.getSqlTypeName() == SqlTypeName.ARRAY && element != null) {
            AvaticaType elements = type(element, types);
            Rep boxed = Rep.nonPrimitiveRepOf(SqlType.valueOf(elements.id));
            return ColumnMetaData.array(elements.setRep(boxed), name, Rep.ARRAY);
        }
        return ColumnMetaData.scalar(id(type), name, Rep.of(types.getJavaClass(type)));
    }

    static int id(RelDataType type) {
        return type.getSqlTypeName().getJdbcOrdinal();
    }

    /** The name alone, without length or NOT NULL: {@code REAL}, {@code REAL ARRAY}. */
    static String name(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.ARRAY
                ? name(Objects.requireNonNull(type.getComponentType())) + " ARRAY"
                : type.getSqlTypeName().getSpaceName();
    }

    /** Digits or characters; the largest number for text without a limit, 0 where there is no such thing. */
    static int precision(RelDataType type) {
        if (type.getPrecision() != RelDataType.PRECISION_NOT_SPECIFIED) {
            return type.getPrecision();
        }
        boolean text = SqlTypeUtil.inCharFamily(type) || SqlTypeUtil.isBinary(type);
        return text ? Integer.MAX_VALUE : 0;
    }

    static int scale(RelDataType type) {
        return type.getScale() == RelDataType.SCALE_NOT_SPECIFIED ? 0 : type.getScale();
    }
}
