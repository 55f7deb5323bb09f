package dev.vitrine.sql.plan;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.config.CalciteConnectionProperty;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.parser.babel.SqlBabelParserImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/** The SQL that Vitrine speaks. Nothing of it can be chosen by a client. */
final class Dialect {
    /**
     * Babel's liberties, less three that hide mistakes: columns that are neither grouped nor aggregated, aliases that shadow columns of
     * their own SELECT list, and numbers taken for truth values.
     */
    static final SqlConformance CONFORMANCE = new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public boolean isNonStrictGroupBy() {
            return false;
        }

        @Override
        public SelectAliasLookup isSelectAlias() {
            return SelectAliasLookup.UNSUPPORTED;
        }

        @Override
        public boolean allowLenientCoercion() {
            return false;
        }
    };

    /** Babel, because words such as CORR or VALUE are reserved in Calcite's own parser. Names keep their case and match in any. */
    static final SqlParser.Config PARSER = SqlParser.config()
            .withParserFactory(SqlBabelParserImpl.FACTORY)
            .withConformance(CONFORMANCE)
            .withUnquotedCasing(Casing.UNCHANGED)
            .withQuotedCasing(Casing.UNCHANGED)
            .withCaseSensitive(false)
            .withIdentifierMaxLength(256);

    /**
     * The standard operators and these few. Calcite's function libraries are not opened as a whole: among them are functions that parse
     * XML from anywhere.
     */
    static final SqlOperatorTable OPERATORS = SqlOperatorTables.chain(
            SqlStdOperatorTable.instance(),
            SqlOperatorTables.of(List.of(
                    SqlLibraryOperators.INFIX_CAST,
                    SqlLibraryOperators.ILIKE,
                    SqlLibraryOperators.NOT_ILIKE,
                    SqlLibraryOperators.GREATEST,
                    SqlLibraryOperators.LEAST,
                    SqlLibraryOperators.IF,
                    SqlLibraryOperators.LEFT,
                    SqlLibraryOperators.RIGHT,
                    SqlLibraryOperators.LENGTH,
                    SqlLibraryOperators.SPLIT_PART,
                    SqlLibraryOperators.CONCAT_FUNCTION,
                    SqlLibraryOperators.STRING_AGG,
                    SqlLibraryOperators.SAFE_CAST,
                    SqlLibraryOperators.LOG2,
                    SqlLibraryOperators.TANH,
                    SqlLibraryOperators.STARTS_WITH,
                    SqlLibraryOperators.ENDS_WITH,
                    SqlLibraryOperators.ARRAY_LENGTH,
                    SqlLibraryOperators.ARRAY_AGG)));

    private Dialect() {}

    static CalciteConnectionConfig config() {
        return new CalciteConnectionConfigImpl(new Properties()).set(CalciteConnectionProperty.CASE_SENSITIVE, "false");
    }

    /** Types with text in UTF-8: Calcite's own default refuses what Latin-1 cannot hold. */
    static JavaTypeFactoryImpl types() {
        return new JavaTypeFactoryImpl(TYPE_SYSTEM) {
            @Override
            public Charset getDefaultCharset() {
                return StandardCharsets.UTF_8;
            }
        };
    }

    /**
     * Calcite sums REAL in float32, where 5,000,000 times 0.1 is 478,275, and INTEGER in 32 bits. Here sums of integers are BIGINT, and
     * sums, means, variances and covariances of all else but DECIMAL are DOUBLE.
     */
    private static final RelDataTypeSystem TYPE_SYSTEM = new RelDataTypeSystemImpl() {
        @Override
        public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
            if (SqlTypeUtil.isIntType(argument)) {
                return numeric(factory, SqlTypeName.BIGINT, argument);
            }
            return SqlTypeUtil.isApproximateNumeric(argument)
                    ? numeric(factory, SqlTypeName.DOUBLE, argument)
                    : super.deriveSumType(factory, argument);
        }

        @Override
        public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
            return SqlTypeUtil.isNumeric(argument) && !SqlTypeUtil.isDecimal(argument)
                    ? numeric(factory, SqlTypeName.DOUBLE, argument)
                    : super.deriveAvgAggType(factory, argument);
        }

        @Override
        public RelDataType deriveCovarType(RelDataTypeFactory factory, RelDataType x, RelDataType y) {
            return numeric(factory, SqlTypeName.DOUBLE, x);
        }

        /** A union or VALUES list of 'a' and 'abc' is VARCHAR; as CHAR(3) it would pad 'a' with blanks. */
        @Override
        public boolean shouldConvertRaggedUnionTypesToVarying() {
            return true;
        }

        @Override
        public int getMaxPrecision(SqlTypeName type) {
            return type == SqlTypeName.DECIMAL ? 38 : super.getMaxPrecision(type);
        }

        @Override
        public int getMaxScale(SqlTypeName type) {
            return type == SqlTypeName.DECIMAL ? 38 : super.getMaxScale(type);
        }

        private RelDataType numeric(RelDataTypeFactory factory, SqlTypeName name, RelDataType argument) {
            return factory.createTypeWithNullability(factory.createSqlType(name), argument.isNullable());
        }
    };
}
