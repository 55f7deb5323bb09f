package dev.vitrine.sql.plan;

import java.util.List;
import org.apache.calcite.adapter.enumerable.AggAddContext;
import org.apache.calcite.adapter.enumerable.AggContext;
import org.apache.calcite.adapter.enumerable.AggImplementor;
import org.apache.calcite.adapter.enumerable.AggResetContext;
import org.apache.calcite.adapter.enumerable.StrictAggImplementor;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableAggFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.util.Optionality;

/**
 * MIN and MAX of REAL and DOUBLE in which NaN is the largest number, as in ORDER BY. Calcite's pass over NaN, so that the maximum of a
 * group of nothing else is −1.8e308, and never give an infinity. Public because generated code calls it.
 */
public final class Extreme extends SqlUserDefinedAggFunction {
    private static final Extreme MIN = new Extreme(SqlKind.MIN);
    private static final Extreme MAX = new Extreme(SqlKind.MAX);

    private Extreme(SqlKind kind) {
        super(
                new SqlIdentifier(kind.name(), SqlParserPos.ZERO),
                kind,
                ReturnTypes.ARG0_NULLABLE_IF_EMPTY,
                InferTypes.RETURN_TYPE,
                OperandTypes.operandMetadata(List.of(), factory -> List.of(), i -> "x", i -> false),
                new Function(kind == SqlKind.MIN),
                false,
                false,
                Optionality.FORBIDDEN);
    }

    /** The same plan node, or one with these extremes where it aggregates floating-point numbers. */
    static RelNode instead(RelNode node) {
        if (!(node instanceof Aggregate aggregate)) {
            return node;
        }
        List<AggregateCall> calls =
                aggregate.getAggCallList().stream().map(Extreme::instead).toList();
        return calls.equals(aggregate.getAggCallList())
                ? node
                : aggregate.copy(
                        aggregate.getTraitSet(),
                        aggregate.getInput(),
                        aggregate.getGroupSet(),
                        aggregate.getGroupSets(),
                        calls);
    }

    private static AggregateCall instead(AggregateCall call) {
        SqlKind kind = call.getAggregation().getKind();
        boolean extreme = kind == SqlKind.MIN || kind == SqlKind.MAX;
        if (!extreme || !SqlTypeUtil.isApproximateNumeric(call.getType()) || call.getAggregation() instanceof Extreme) {
            return call;
        }
        return AggregateCall.create(
                kind == SqlKind.MIN ? MIN : MAX,
                call.isDistinct(),
                call.isApproximate(),
                call.ignoreNulls(),
                call.rexList,
                call.getArgList(),
                call.filterArg,
                call.distinctKeys,
                call.collation,
                call.getType(),
                call.name);
    }

    /** The larger of two numbers. */
    public static double larger(double a, double b) {
        return Double.compare(a, b) >= 0 ? a : b;
    }

    /** The smaller of two numbers. */
    public static double smaller(double a, double b) {
        return Double.compare(a, b) <= 0 ? a : b;
    }

    private record Function(boolean minimum) implements ImplementableAggFunction {
        @Override
        public AggImplementor getImplementor(boolean windowContext) {
            return new Code(minimum);
        }

        @Override
        public RelDataType getReturnType(RelDataTypeFactory factory) {
            return factory.createSqlType(SqlTypeName.DOUBLE);
        }

        @Override
        public List<FunctionParameter> getParameters() {
            return List.of();
        }
    }

    private static final class Code extends StrictAggImplementor {
        private final boolean minimum;

        Code(boolean minimum) {
            this.minimum = minimum;
        }

        @Override
        protected void implementNotNullReset(AggContext info, AggResetContext reset) {
            Expression state = reset.accumulator().get(0);
            double worst = minimum ? Double.NaN : Double.NEGATIVE_INFINITY;
            reset.currentBlock()
                    .add(Expressions.statement(Expressions.assign(
                            state, Expressions.convert_(Expressions.constant(worst), state.getType()))));
        }

        @Override
        protected void implementNotNullAdd(AggContext info, AggAddContext add) {
            Expression state = add.accumulator().get(0);
            Expression next = Expressions.call(
                    Extreme.class,
                    minimum ? "smaller" : "larger",
                    Expressions.convert_(state, double.class),
                    Expressions.convert_(Expressions.unbox(add.arguments().get(0)), double.class));
            accAdvance(add, state, Expressions.convert_(next, state.getType()));
        }
    }
}
