package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.functions.AggregateOperator;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.run.Boxing;
import dev.vitrine.sql.tensor.run.Groups;
import dev.vitrine.sql.tensor.run.Slot;
import dev.vitrine.udfs.FunctionDescription;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The aggregate calls of a grouping as slots to fill and values to read off them; calls share slots where they can. */
final class Aggregates {
    /** Reads a call's value off a group's slots. */
    @FunctionalInterface
    interface Result {
        @Nullable
        Object of(Groups groups, int group);
    }

    private final List<Accumulator> accumulators = new ArrayList<>(List.of(Accumulator.ROWS));
    private final List<Result> results = new ArrayList<>();

    private Aggregates() {}

    static Aggregates of(Pipeline.Grouping grouping, List<RexNode> projects) {
        Aggregates aggregates = new Aggregates();
        for (AggregateCall call : grouping.calls()) {
            aggregates.results.add(aggregates.add(call, projects));
        }
        return aggregates;
    }

    List<Accumulator> accumulators() {
        return accumulators;
    }

    List<Result> results() {
        return results;
    }

    private Result add(AggregateCall call, List<RexNode> projects) {
        if ((call.isDistinct() && !ignoresDuplicates(call))
                || call.isApproximate()
                || !call.getCollation().getFieldCollations().isEmpty()
                || call.distinctKeys != null
                || !call.rexList.isEmpty()) {
            throw new NotFusible("aggregate " + call);
        }
        List<RexNode> arguments = call.getArgList().stream().map(projects::get).toList();
        RexNode filter = call.filterArg < 0 ? null : projects.get(call.filterArg);
        SqlTypeName type = call.getType().getSqlTypeName();
        if (call.getAggregation() instanceof AggregateOperator operator) {
            return userDefined(operator.description(), arguments, filter);
        }
        return switch (call.getAggregation().getKind()) {
            case COUNT -> {
                int slot = slot(new Accumulator(Slot.SUM_LONG, arguments, true, filter, null, null));
                yield (groups, group) -> Boxing.box(groups.longs[slot][group], type);
            }
            case SUM -> sum(arguments, filter, type, false);
            case SUM0 -> sum(arguments, filter, type, true);
            case AVG -> average(arguments, filter, type);
            case MIN -> extreme(arguments, filter, type, Slot.MIN_LONG, Slot.MIN_DOUBLE);
            case MAX -> extreme(arguments, filter, type, Slot.MAX_LONG, Slot.MAX_DOUBLE);
            default -> throw new NotFusible("aggregate " + call.getAggregation().getName());
        };
    }

    private static boolean ignoresDuplicates(AggregateCall call) {
        return switch (call.getAggregation().getKind()) {
            case MIN, MAX -> true;
            default -> false;
        };
    }

    private int slot(Accumulator accumulator) {
        Accumulator wanted = accumulator.countsAllRows() ? Accumulator.ROWS : accumulator;
        int slot = accumulators.indexOf(wanted);
        if (slot < 0) {
            slot = accumulators.size();
            accumulators.add(wanted);
        }
        return slot;
    }

    private int countSlot(List<RexNode> arguments, @Nullable RexNode filter) {
        return slot(new Accumulator(Slot.SUM_LONG, arguments, true, filter, null, null));
    }

    private static Kind numeric(List<RexNode> arguments) {
        Kind kind = Kind.of(arguments.get(0).getType());
        if (!kind.numeric()) {
            throw new NotFusible(
                    "an aggregate over " + arguments.get(0).getType().getSqlTypeName());
        }
        return kind;
    }

    private Result sum(List<RexNode> arguments, @Nullable RexNode filter, SqlTypeName type, boolean zeroIfNone) {
        boolean whole = numeric(arguments).integral();
        int count = countSlot(arguments, filter);
        int sum = slot(new Accumulator(whole ? Slot.SUM_LONG : Slot.SUM_DOUBLE, arguments, false, filter, null, null));
        return (groups, group) -> {
            if (!zeroIfNone && groups.longs[count][group] == 0) {
                return null;
            }
            return whole ? Boxing.box(groups.longs[sum][group], type) : Boxing.box(groups.doubles[sum][group], type);
        };
    }

    private Result average(List<RexNode> arguments, @Nullable RexNode filter, SqlTypeName type) {
        boolean whole = numeric(arguments).integral();
        boolean approximate = type == SqlTypeName.DOUBLE || type == SqlTypeName.FLOAT || type == SqlTypeName.REAL;
        if (!approximate && !(whole && (type == SqlTypeName.INTEGER || type == SqlTypeName.BIGINT))) {
            throw new NotFusible("AVG that gives " + type);
        }
        int count = countSlot(arguments, filter);
        int sum = slot(new Accumulator(whole ? Slot.SUM_LONG : Slot.SUM_DOUBLE, arguments, false, filter, null, null));
        return (groups, group) -> {
            long n = groups.longs[count][group];
            if (n == 0) {
                return null;
            }
            if (!approximate) {
                return Boxing.box(groups.longs[sum][group] / n, type);
            }
            return Boxing.box((whole ? (double) groups.longs[sum][group] : groups.doubles[sum][group]) / n, type);
        };
    }

    private Result extreme(
            List<RexNode> arguments, @Nullable RexNode filter, SqlTypeName type, Slot wholes, Slot doubles) {
        Kind kind = Kind.of(arguments.get(0).getType());
        boolean whole = kind.integral() || kind == Kind.BOOLEAN;
        if (!whole && !kind.numeric()) {
            throw new NotFusible("MIN or MAX of " + arguments.get(0).getType());
        }
        int count = countSlot(arguments, filter);
        int slot = slot(new Accumulator(whole ? wholes : doubles, arguments, false, filter, null, null));
        return (groups, group) -> groups.longs[count][group] == 0
                ? null
                : whole ? Boxing.box(groups.longs[slot][group], type) : Boxing.box(groups.doubles[slot][group], type);
    }

    private Result userDefined(FunctionDescription function, List<RexNode> arguments, @Nullable RexNode filter) {
        int slot = slot(new Accumulator(Slot.OBJECT, arguments, false, filter, function, null));
        return new UserAggregate(function, slot);
    }
}
