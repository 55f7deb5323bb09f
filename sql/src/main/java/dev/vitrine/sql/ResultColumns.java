package dev.vitrine.sql;

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

/** Calcite's types as JDBC describes them. */
final class ResultColumns {
    private ResultColumns() {}

    /** The columns of a result. */
    static List<ColumnMetaData> of(RelDataType row, JavaTypeFactory types) {
        List<ColumnMetaData> columns = new ArrayList<>();
        for (RelDataTypeField field : row.getFieldList()) {
            RelDataType type = field.getType();
            AvaticaType jdbc = type(type, types);
            columns.add(new ColumnMetaData(
                    field.getIndex(),
                    false,
                    true,
                    true,
                    false,
                    type.isNullable() ? DatabaseMetaData.columnNullable : DatabaseMetaData.columnNoNulls,
                    true,
                    precision(type),
                    field.getName(),
                    field.getName(),
                    "",
                    precision(type),
                    scale(type),
                    "",
                    "",
                    jdbc,
                    true,
                    false,
                    false,
                    jdbc.columnClassName()));
        }
        return columns;
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

    static int precision(RelDataType type) {
        return type.getPrecision() == RelDataType.PRECISION_NOT_SPECIFIED ? 0 : type.getPrecision();
    }

    static int scale(RelDataType type) {
        return type.getScale() == RelDataType.SCALE_NOT_SPECIFIED ? 0 : type.getScale();
    }
}
