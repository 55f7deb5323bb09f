package dev.vitrine.sql.functions;

import dev.vitrine.udfs.SqlType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;

/** The types of functions in Calcite's terms. */
final class SqlTypes {
    private SqlTypes() {}

    static RelDataType of(SqlType type, boolean nullable, RelDataTypeFactory factory) {
        RelDataType plain = switch (type) {
            case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
            case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case REAL -> factory.createSqlType(SqlTypeName.REAL);
            case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case VARCHAR -> factory.createSqlType(SqlTypeName.VARCHAR);
            case REAL_ARRAY -> factory.createArrayType(factory.createSqlType(SqlTypeName.REAL), -1);
        };
        return factory.createTypeWithNullability(plain, nullable);
    }

    /** Whether a value of a type can be given where another is expected: numbers widen or lose precision, but no fraction is dropped. */
    static boolean accepts(SqlType expected, RelDataType given) {
        if (given.getSqlTypeName() == SqlTypeName.NULL
                || given.getSqlTypeName() == SqlTypeName.UNKNOWN
                || given.getSqlTypeName() == SqlTypeName.ANY) {
            return true;
        }
        return switch (expected) {
            case BOOLEAN -> SqlTypeUtil.isBoolean(given);
            case INTEGER, BIGINT -> SqlTypeUtil.isIntType(given);
            case REAL, DOUBLE -> SqlTypeUtil.isNumeric(given);
            case VARCHAR -> SqlTypeUtil.inCharFamily(given);
            case REAL_ARRAY -> {
                RelDataType element = given.getComponentType();
                yield given.getSqlTypeName() == SqlTypeName.ARRAY
                        && element != null
                        && (SqlTypeUtil.isNumeric(element)
                                || element.getSqlTypeName() == SqlTypeName.UNKNOWN
                                || element.getSqlTypeName() == SqlTypeName.NULL);
            }
        };
    }
}
