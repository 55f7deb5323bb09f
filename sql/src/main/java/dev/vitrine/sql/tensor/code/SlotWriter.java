package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.run.Slot;
import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.attention.AttentionEntropy;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** What a row adds to the slots of its group: to locals of the innermost loop, one set per lane, or to the arrays. */
final class SlotWriter {
    /** In place of a lane where rows are added to the arrays. */
    private static final int SHARED = -1;

    private final List<Accumulator> accumulators;
    private final boolean dense;
    /** Accumulators that take a whole row at a time: what it adds. */
    private final Map<Integer, String> rows = new HashMap<>();

    SlotWriter(List<Accumulator> accumulators, boolean dense) {
        this.accumulators = accumulators;
        this.dense = dense;
    }

    /** @param kernels whether {@link RowSums} may take rows as a whole */
    void declareLocals(NestWriter nest, StringBuilder row, int lanes, boolean kernels) {
        if (kernels) {
            takeRows(nest);
        }
        for (int i = 0; i < accumulators.size(); i++) {
            String whole = rows.get(i);
            if (whole != null) {
                Slot slot = accumulators.get(i).slot();
                row.append(
                        slot == Slot.OBJECT
                                ? ""
                                : (slot.isDouble() ? "double" : "long") + " p" + i + "_0 = " + whole + ";\n");
                continue;
            }
            if (EvenCorrelation.is(nest, accumulators.get(i))) {
                EvenCorrelation.declare(row, "p" + i, lanes);
                continue;
            }
            Slot slot = accumulators.get(i).slot();
            for (int lane = 0; lane < lanes; lane++) {
                if (accumulators.get(i).order() != null) {
                    row.append("final TopRows p" + i + "_" + lane + " = groups0.top(" + i + ", g);\n");
                    continue;
                }
                String type = slot.isDouble() ? "double" : slot.isLong() ? "long" : state(i);
                row.append(type + " p" + i + "_" + lane + " = " + first(i) + ";\n");
            }
        }
    }

    private void takeRows(NestWriter nest) {
        RowSums sums = new RowSums(nest);
        for (int i = 0; i < accumulators.size(); i++) {
            String whole = takeRow(nest, sums, i);
            if (whole != null) {
                rows.put(i, whole);
            }
        }
        if (sums.filtered() && !wholeRows()) {
            rows.clear();
        }
    }

    private @Nullable String takeRow(NestWriter nest, RowSums sums, int i) {
        Accumulator accumulator = accumulators.get(i);
        FunctionDescription function = accumulator.function();
        if (function == null) {
            return sums.value(accumulator);
        }
        String state = "(" + state(i) + ") states[g]";
        if (function.implementation() == AttentionEntropy.class) {
            return sums.entropy(accumulator, state);
        }
        return EvenCorrelation.is(nest, accumulator) ? sums.even(accumulator, state, evenWeight(nest, i)) : null;
    }

    /** Whether no accumulator is left to go by cells. */
    boolean wholeRows() {
        return rows.size() == accumulators.size();
    }

    void declareArrays(StringBuilder row) {
        for (int i = 0; dense && i < accumulators.size(); i++) {
            Slot slot = accumulators.get(i).slot();
            String type = slot.isDouble() ? "double" : slot.isLong() ? "long" : "Object";
            row.append("final " + type + "[] p" + i + "_0 = groups0." + arrays(slot) + "[" + i + "];\n");
        }
    }

    void addToLocals(NestWriter nest, Block block, int lane) {
        add(nest, block, i -> "p" + i + "_" + lane, lane);
    }

    void addToArrays(NestWriter nest, Block block) {
        add(
                nest,
                block,
                i -> dense
                        ? "p" + i + "_0[g]"
                        : "groups0." + arrays(accumulators.get(i).slot()) + "[" + i + "][g]",
                SHARED);
    }

    private static String arrays(Slot slot) {
        return slot.isDouble() ? "doubles" : slot.isLong() ? "longs" : "objects";
    }

    private void add(NestWriter nest, Block block, IntFunction<String> place, int lane) {
        for (int i = 0; i < accumulators.size(); i++) {
            Accumulator accumulator = accumulators.get(i);
            if (rows.containsKey(i)) {
                continue;
            }
            if (accumulator.order() != null) {
                String top = "top" + block.level + "_" + i;
                String rows = lane == SHARED ? "groups0.top(" + i + ", g)" : place.apply(i);
                block.add("final TopRows " + top + " = " + rows + ";");
                TopSink.add(nest, block, top, top + ".bound()", accumulator.arguments(), accumulator.order());
                continue;
            }
            Value filter = accumulator.filter() == null ? null : nest.java.value(accumulator.filter(), block);
            Block target = filter == null ? block : block.inner();
            List<Value> arguments = new ArrayList<>();
            for (var rex : accumulator.arguments()) {
                arguments.add(nest.java.value(rex, target));
            }
            String isNull = Logic.anyNull(arguments);
            String update = update(nest, accumulator, i, place.apply(i), arguments, lane);
            target.add(isNull.equals(Value.NEVER) ? update : "if (!" + isNull + ") {\n" + update + "\n}");
            if (filter != null) {
                block.add("if (" + filter.text() + ") {").text.append(target.text);
                block.add("}");
            }
        }
    }

    private String update(
            NestWriter nest, Accumulator accumulator, int i, String place, List<Value> arguments, int lane) {
        if (accumulator.count()) {
            return place + "++;";
        }
        if (lane != SHARED && EvenCorrelation.is(nest, accumulator)) {
            String x = nest.argument(arguments.get(0), double.class).text();
            String y = nest.argument(arguments.get(1), double.class).text();
            return EvenCorrelation.add("p" + i, lane, x, y);
        }
        if (accumulator.function() != null) {
            return call(nest, accumulator.function(), i, place, arguments, lane == SHARED);
        }
        Value argument = arguments.get(0);
        String x = argument.kind() == dev.vitrine.sql.tensor.Kind.BOOLEAN
                ? "(" + argument.text() + " ? 1 : 0)"
                : argument.text();
        return combine(accumulator.slot(), place, x);
    }

    private static String combine(Slot slot, String place, String x) {
        return switch (slot) {
            case SUM_DOUBLE, SUM_LONG -> place + " += " + x + ";";
            case MIN_DOUBLE ->
                "if (" + x + " < " + place + " || " + place + " != " + place + ") " + place + " = " + x + ";";
            case MAX_DOUBLE -> "if (" + x + " > " + place + " || " + x + " != " + x + ") " + place + " = " + x + ";";
            case MIN_LONG -> "if (" + x + " < " + place + ") " + place + " = " + x + ";";
            default -> "if (" + x + " > " + place + ") " + place + " = " + x + ";";
        };
    }

    private String call(
            NestWriter nest, FunctionDescription function, int i, String place, List<Value> arguments, boolean shared) {
        Method add = function.method("add");
        StringBuilder text = new StringBuilder();
        for (int a = 0; a < arguments.size(); a++) {
            text.append(", ")
                    .append(nest.argument(arguments.get(a), add.getParameterTypes()[a + 1])
                            .text());
        }
        String type = owner(i);
        String state =
                shared ? "(" + place + " == null ? " + type + ".init() : (" + state(i) + ") " + place + ")" : place;
        return place + " = " + type + ".add(" + state + text + ");";
    }

    /** Adds the locals to the group. */
    void flush(NestWriter nest, StringBuilder row, int lanes) {
        row.append("if (p0_0");
        for (int lane = 1; lane < lanes(0, lanes); lane++) {
            row.append(" + p0_" + lane);
        }
        row.append(" > 0) {\n");
        for (int i = 0; i < accumulators.size(); i++) {
            Slot slot = accumulators.get(i).slot();
            if (accumulators.get(i).order() != null) {
                continue;
            }
            String array = "groups0." + arrays(slot) + "[" + i + "]";
            if (slot == Slot.OBJECT) {
                row.append("{\nfinal Object[] states = " + array + ";\n");
                if (rows.containsKey(i) || EvenCorrelation.is(nest, accumulators.get(i))) {
                    flushState(nest, row, i, lanes);
                    continue;
                }
                for (int lane = 0; lane < lanes; lane++) {
                    String local = "p" + i + "_" + lane;
                    row.append("if (states[g] == null) states[g] = " + local + ";\nelse states[g] = " + owner(i)
                            + ".merge((" + state(i) + ") states[g], " + local + ");\n");
                }
                row.append("}\n");
                continue;
            }
            String type = slot.isDouble() ? "double" : "long";
            row.append("{\nfinal " + type + "[] a = " + array + ";\n");
            for (int lane = 0; lane < lanes(i, lanes); lane++) {
                row.append(combine(slot, "a[g]", "p" + i + "_" + lane)).append('\n');
            }
            row.append("}\n");
        }
        row.append("}\n");
    }

    private void flushState(NestWriter nest, StringBuilder row, int i, int lanes) {
        row.append("if (states[g] == null) states[g] = " + owner(i) + ".init();\n");
        String whole = rows.get(i);
        String added = whole != null
                ? whole
                : EvenCorrelation.added("(" + state(i) + ") states[g]", evenWeight(nest, i), "p" + i, lanes);
        row.append("states[g] = " + added + ";\n");
        row.append("}\n");
    }

    private String evenWeight(NestWriter nest, int i) {
        RexNode weight = accumulators.get(i).arguments().get(EvenCorrelation.WEIGHT);
        Value value = nest.java.value(weight, nest.block(nest.levels.last() - 1));
        return nest.argument(value, double.class).text();
    }

    /** How many sets of locals an accumulator has. */
    private int lanes(int i, int lanes) {
        return rows.containsKey(i) ? 1 : lanes;
    }

    private String first(int i) {
        return switch (accumulators.get(i).slot()) {
            case SUM_DOUBLE -> "0.0";
            case MIN_DOUBLE -> "Double.NaN";
            case MAX_DOUBLE -> "Double.NEGATIVE_INFINITY";
            case SUM_LONG -> "0L";
            case MIN_LONG -> "Long.MAX_VALUE";
            case MAX_LONG -> "Long.MIN_VALUE";
            case OBJECT -> owner(i) + ".init()";
        };
    }

    private String owner(int i) {
        return function(i).implementation().getCanonicalName();
    }

    private String state(int i) {
        return function(i).method("init").getReturnType().getCanonicalName();
    }

    private FunctionDescription function(int i) {
        FunctionDescription function = accumulators.get(i).function();
        if (function == null) {
            throw new IllegalStateException("slot " + i + " holds a number");
        }
        return function;
    }
}
