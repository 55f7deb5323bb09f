package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A type that a column of a workspace table can have.
 *
 * @param name of the value, or of the elements where it is an array
 * @param length of text, digits of a decimal; -1 where there is no limit
 * @param scale of a decimal; 0 for all else
 * @param array whether it is an array
 */
public record ColumnType(SqlTypeName name, int length, int scale, boolean array) {
    private static final Pattern SQL =
            Pattern.compile("([A-Z ]+?)(?:\\((\\d+)(?:, ?(\\d+))?\\))?( ARRAY(?:\\[\\d+])?)?");
    /** H2 prints its longest text length where none was given. */
    private static final int UNLIMITED = 1_000_000;

    /** The type that holds values of an expression's type; {@code INVALID_SQL} where no column can. */
    public static ColumnType of(String column, RelDataType type) {
        if (type.getSqlTypeName() == SqlTypeName.ARRAY) {
            ColumnType element = of(column, Objects.requireNonNull(type.getComponentType()));
            if (!element.array) {
                return new ColumnType(element.name, element.length, element.scale, true);
            }
        }
        return switch (type.getSqlTypeName()) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DATE, TIME, TIMESTAMP ->
                new ColumnType(type.getSqlTypeName(), -1, 0, false);
            case FLOAT -> new ColumnType(SqlTypeName.DOUBLE, -1, 0, false);
            case DECIMAL -> new ColumnType(SqlTypeName.DECIMAL, type.getPrecision(), type.getScale(), false);
            case CHAR, VARCHAR -> new ColumnType(SqlTypeName.VARCHAR, type.getPrecision(), 0, false);
            case BINARY, VARBINARY -> new ColumnType(SqlTypeName.VARBINARY, -1, 0, false);
            default ->
                throw new VitrineException(
                        ErrorCode.INVALID_SQL,
                        "column " + column + " is of type " + type
                                + ", which a workspace table cannot hold; expected BOOLEAN, a number, VARCHAR, VARBINARY, DATE,"
                                + " TIME, TIMESTAMP or an ARRAY of one of them; a bare NULL needs a CAST");
        };
    }

    /** The type without a limit on its length, for columns made from a query. */
    public ColumnType unlimited() {
        return name == SqlTypeName.VARCHAR ? new ColumnType(name, -1, scale, array) : this;
    }

    /** The type as H2 prints it; null where it is one that Vitrine does not write. */
    static @Nullable ColumnType ofH2(String sql) {
        Matcher match = SQL.matcher(sql);
        if (!match.matches()) {
            return null;
        }
        SqlTypeName name = switch (match.group(1)) {
            case "DOUBLE PRECISION" -> SqlTypeName.DOUBLE;
            case "NUMERIC" -> SqlTypeName.DECIMAL;
            case "CHARACTER VARYING" -> SqlTypeName.VARCHAR;
            case "BINARY VARYING" -> SqlTypeName.VARBINARY;
            case "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "REAL", "DATE", "TIME", "TIMESTAMP" ->
                SqlTypeName.valueOf(match.group(1));
            default -> null;
        };
        if (name == null) {
            return null;
        }
        int length = match.group(2) == null ? -1 : Integer.parseInt(match.group(2));
        int scale = match.group(3) == null ? 0 : Integer.parseInt(match.group(3));
        boolean limited = name == SqlTypeName.DECIMAL || (name == SqlTypeName.VARCHAR && length < UNLIMITED);
        return new ColumnType(name, limited ? length : -1, scale, match.group(4) != null);
    }

    String h2() {
        String plain = switch (name) {
            case DOUBLE -> "DOUBLE PRECISION";
            case DECIMAL -> "NUMERIC(" + length + ", " + scale + ")";
            case VARCHAR -> length < 0 ? "VARCHAR" : "VARCHAR(" + length + ")";
            case TIME -> "TIME(3)";
            case TIMESTAMP -> "TIMESTAMP(3)";
            default -> name.name();
        };
        return array ? plain + " ARRAY" : plain;
    }

    RelDataType rel(boolean nullable, RelDataTypeFactory factory) {
        RelDataType plain = switch (name) {
            case DECIMAL -> factory.createSqlType(name, length, scale);
            case VARCHAR -> length < 0 ? factory.createSqlType(name) : factory.createSqlType(name, length);
            case TIME, TIMESTAMP -> factory.createSqlType(name, 3);
            default -> factory.createSqlType(name);
        };
        if (array) {
            plain = factory.createArrayType(factory.createTypeWithNullability(plain, name != SqlTypeName.REAL), -1);
        }
        return factory.createTypeWithNullability(plain, nullable);
    }
}
