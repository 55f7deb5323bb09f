package dev.vitrine.sql.table;

import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.type.SqlTypeName;

/**
 * A column of a store table.
 *
 * @param name as in SQL
 * @param type of its values
 * @param nullable whether there may be none
 * @param coordinate whether the rows lie in its order, so that a condition on it is met by where reading starts and ends
 */
public record Column(String name, Type type, boolean nullable, boolean coordinate) {
    /** What a value is, in SQL and in a row. */
    public enum Type {
        /** Integer. */
        INTEGER,
        /** Long. */
        BIGINT,
        /** Float. */
        REAL,
        /** Double. */
        DOUBLE,
        /** Boolean. */
        BOOLEAN,
        /** String. */
        TEXT,
        /** Long: milliseconds since 1970 UTC. */
        TIMESTAMP,
        /** {@link dev.vitrine.sql.query.Vector}. */
        VECTOR
    }

    /** A column by which rows are found. */
    static Column coordinate(String name, Type type) {
        return new Column(name, type, false, true);
    }

    /** A column that has a value in every row. */
    static Column value(String name, Type type) {
        return new Column(name, type, false, false);
    }

    /** A column that may be NULL. */
    static Column nullable(String name, Type type) {
        return new Column(name, type, true, false);
    }

    RelDataType rel(RelDataTypeFactory factory) {
        RelDataType plain = switch (type) {
            case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
            case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case REAL -> factory.createSqlType(SqlTypeName.REAL);
            case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case TEXT -> factory.createSqlType(SqlTypeName.VARCHAR);
            case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, 3);
            case VECTOR -> factory.createArrayType(factory.createSqlType(SqlTypeName.REAL), -1);
        };
        return factory.createTypeWithNullability(plain, nullable);
    }
}
