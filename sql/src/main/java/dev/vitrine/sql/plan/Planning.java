package dev.vitrine.sql.plan;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.adapter.enumerable.EnumerableCalc;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.plan.volcano.VolcanoPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexProgram;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.sql2rel.StandardConvertletTable;
import org.jspecify.annotations.Nullable;

/** One statement on its way: parse, validate and convert, optimize. Used once, by one thread. */
final class Planning implements RelOptTable.ViewExpander {
    /** IN lists up to this length stay conditions, which prune; longer ones become joins. */
    private static final int LONGEST_IN_LIST = 200;

    private static final CalciteConnectionConfig CONFIG = Dialect.config();

    private final Catalog catalog;
    private final JavaTypeFactory types = Dialect.types();
    private final CalciteCatalogReader reader;
    private final SqlValidator validator;
    private final VolcanoPlanner planner = new VolcanoPlanner(null, Contexts.of(CONFIG));
    private final RelOptCluster cluster;

    Planning(Catalog catalog) {
        this.catalog = catalog;
        this.reader = new CalciteCatalogReader(catalog.root(), List.of("vitrine"), types, CONFIG);
        this.validator = validator(reader);
        planner.addRelTraitDef(ConventionTraitDef.INSTANCE);
        planner.addRelTraitDef(RelCollationTraitDef.INSTANCE);
        this.cluster = RelOptCluster.create(planner, new RexBuilder(types));
    }

    static SqlNode parse(String sql) throws SqlParseException {
        SqlNode parsed = SqlParser.create(sql, Dialect.PARSER).parseStmt();
        parsed.accept(new NotComputed());
        SqlNode plain = Objects.requireNonNull(parsed.accept(new Correlation()));
        return Objects.requireNonNull(plain.accept(new CommonColumns()));
    }

    JavaTypeFactory types() {
        return types;
    }

    /** Checks names and types, and says what the statement does in relational algebra. */
    RelRoot convert(SqlNode statement) {
        SqlNode valid = validator.validate(statement);
        parameters = validator.getParameterRowType(valid);
        origins =
                validator.getFieldOrigins(valid).stream().map(ColumnOrigin::of).toList();
        return converter(validator, reader).convertQuery(valid, false, true);
    }

    private @Nullable RelDataType parameters;
    private List<ColumnOrigin> origins = List.of();

    /** Where the columns of a query come from; known once converted. */
    List<ColumnOrigin> origins() {
        return origins;
    }

    /** Types of the statement's parameters, in order; known once converted. */
    RelDataType parameters() {
        if (parameters == null) {
            throw new IllegalStateException("not converted");
        }
        return parameters;
    }

    /** The type of the rows that a query gives. */
    RelDataType rowType(SqlNode query) {
        return validator.getValidatedNodeType(validator.validate(query));
    }

    /** The type that an expression has. */
    RelDataType expressionType(SqlNode expression) {
        return validator.getValidatedNodeType(validator.validateParameterizedExpression(expression, Map.of()));
    }

    /** The cheapest plan found that can be run. */
    EnumerableRel optimize(RelRoot root) {
        RelTraitSet wanted = root.rel
                .getTraitSet()
                .replace(EnumerableConvention.INSTANCE)
                .replace(root.collation)
                .simplify();
        RelNode best = Rules.optimize(planner, root.rel, wanted);
        return outputColumns((EnumerableRel) best, root);
    }

    /** Drops columns that only ORDER BY needed. */
    private static EnumerableRel outputColumns(EnumerableRel plan, RelRoot root) {
        if (root.isRefTrivial()) {
            return plan;
        }
        RexBuilder builder = plan.getCluster().getRexBuilder();
        List<RexNode> columns = root.fields.leftList().stream()
                .map(field -> (RexNode) builder.makeInputRef(plan, field))
                .toList();
        return EnumerableCalc.create(
                plan, RexProgram.create(plan.getRowType(), columns, null, root.validatedRowType, builder));
    }

    @Override
    public RelRoot expandView(
            RelDataType rowType, String query, List<String> schemaPath, @Nullable List<String> viewPath) {
        CalciteCatalogReader viewReader = reader.withSchemaPath(schemaPath);
        try {
            return converter(validator(viewReader), viewReader).convertQuery(parse(query), true, true);
        } catch (SqlParseException e) {
            throw new IllegalStateException("saved view " + viewPath + " does not parse", e);
        }
    }

    private SqlValidator validator(CalciteCatalogReader names) {
        return SqlValidatorUtil.newValidator(
                catalog.operators(),
                names,
                types,
                SqlValidator.Config.DEFAULT
                        .withConformance(Dialect.CONFORMANCE)
                        .withDefaultNullCollation(CONFIG.defaultNullCollation())
                        .withIdentifierExpansion(true));
    }

    private SqlToRelConverter converter(SqlValidator names, CalciteCatalogReader tables) {
        return new SqlToRelConverter(
                this,
                names,
                tables,
                cluster,
                StandardConvertletTable.INSTANCE,
                SqlToRelConverter.config()
                        .withTrimUnusedFields(false)
                        .withExpand(false)
                        .withInSubQueryThreshold(LONGEST_IN_LIST));
    }
}
