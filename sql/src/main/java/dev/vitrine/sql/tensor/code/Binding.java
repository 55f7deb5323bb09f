package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.run.Bounds;
import dev.vitrine.sql.tensor.run.Box;
import dev.vitrine.sql.tensor.run.BoxLoops;
import dev.vitrine.sql.tensor.run.Codes;
import dev.vitrine.sql.tensor.run.Dimension;
import dev.vitrine.sql.tensor.run.Execution;
import dev.vitrine.sql.tensor.run.Extents;
import dev.vitrine.sql.tensor.run.GroupKey;
import dev.vitrine.sql.tensor.run.GroupSpace;
import dev.vitrine.sql.tensor.run.Groups;
import dev.vitrine.sql.tensor.run.LoopNest;
import dev.vitrine.sql.tensor.run.Partition;
import dev.vitrine.sql.tensor.run.RunTensors;
import dev.vitrine.sql.tensor.run.Slot;
import dev.vitrine.sql.tensor.run.TopBound;
import dev.vitrine.sql.tensor.run.TopRows;
import dev.vitrine.sql.tensor.run.Workers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** One execution of a pipeline: parameters, the store as it is now, and what follows from them for the loops. */
final class Binding {
    private static final long STREAMED_CELLS = 1 << 14;
    private static final int BOXES = 256;
    private static final int STREAMED_BOXES = 1 << 17;

    /** Boxes that are cut only when their turn comes, where there would be more of them than that. */
    private static final int COARSE_BOXES = 1 << 12;

    private static final int LONG_ROW = 64;

    /** A cell on a page of its own takes as long as that many of a row. */
    private static final int LINE_CELL = 32;

    private final Pipeline pipeline;
    private final List<RunTensors> runs;
    private final ConstantValues constants;
    private final Extents extents;
    private final List<Dimension> dimensions = new ArrayList<>();
    private final Codes codes = new Codes();
    private List<GroupKey> groupKeys = List.of();

    Binding(Pipeline pipeline, List<RunTensors> runs, ConstantValues constants) {
        this.pipeline = pipeline;
        this.runs = runs;
        this.constants = constants;
        this.extents = new Extents(pipeline.nest(), runs, bounds());
    }

    private Bounds bounds() {
        Nest nest = pipeline.nest();
        Bounds bounds = new Bounds(nest.axes().size());
        Levels levels = new Levels(
                nest,
                pipeline.joins().stream().map(Pipeline.DimensionJoin::keys).toList());
        for (RexNode filter : pipeline.filters()) {
            Bound bound = Bound.of(filter, nest, levels);
            if (bound != null) {
                bound.narrow(bounds, constants);
            }
        }
        return bounds;
    }

    Extents extents() {
        return extents;
    }

    List<GroupKey> groupKeys() {
        return groupKeys;
    }

    /** Whether the innermost axis is long somewhere. */
    boolean longRows() {
        return extents.hi(pipeline.nest().lastAxis()) >= LONG_ROW;
    }

    boolean dense() {
        return groupKeys.stream().allMatch(GroupKey::dense);
    }

    /** Reads the joined tables, and decides how groups are encoded. */
    void load(List<Enumerable<?>> tables) {
        for (int i = 0; i < tables.size(); i++) {
            Pipeline.DimensionJoin join = pipeline.joins().get(i);
            List<Object[]> rows = new ArrayList<>();
            for (Object row : tables.get(i)) {
                rows.add(row instanceof Object[] columns ? columns : new Object[] {row});
            }
            List<ToLongFunction<Object[]>> keys = new ArrayList<>();
            for (int key = 0; key < join.keys().size(); key++) {
                keys.add(key(join.keys().get(key), join.columns().get(key)));
            }
            dimensions.add(Dimension.of(rows, keys, TensorProgram.kinds(join)));
        }
        if (!pipeline.keys().isEmpty()) {
            Intervals intervals = new Intervals(extents, runs, dimensions, constants::integer);
            groupKeys = new GroupKeys(extents, intervals, dimensions, codes).of(pipeline.keys());
        }
    }

    private ToLongFunction<Object[]> key(RexNode key, int column) {
        Map<String, Integer> names = names(key);
        return row -> {
            Object value = row[column];
            if (value instanceof Number number) {
                return number.doubleValue() == number.longValue() ? number.longValue() : Long.MIN_VALUE;
            }
            Integer ordinal = value == null ? null : names.get(value.toString());
            return ordinal == null ? Long.MIN_VALUE : ordinal;
        };
    }

    private Map<String, Integer> names(RexNode key) {
        Map<String, Integer> names = new HashMap<>();
        if (key instanceof RexInputRef ref
                && pipeline.nest().columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate) {
            AxisKind kind = pipeline.nest().axes().get(coordinate.axis());
            for (int run = 0; kind == AxisKind.RUN && run < runs.size(); run++) {
                names.put(runs.get(run).name(), run);
            }
            for (int site = 0; kind == AxisKind.SITE && site < dev.vitrine.sql.tensor.run.Sites.count(); site++) {
                names.put(dev.vitrine.sql.tensor.run.Sites.name(site), site);
            }
        }
        return names;
    }

    Enumerable<Object[]> run(Query query, Function<Binding, Compiled> compile) {
        Compiled compiled = compile.apply(this);
        @Nullable
        Object[] values = compiled.constants().stream().map(constants::value).toArray();
        Execution execution = new Execution(query, runs, values, dimensions, codes);
        LoopNest trial = compiled.loops(execution);
        Partition whole = Partition.of(extents, Long.MAX_VALUE, trial::accepts);
        double work = whole.cells() * weight();
        long target = target(work);
        List<Box> boxes = work * 1.2 < target
                ? whole.boxes()
                : Partition.of(extents, Math.max(1, target / weight()), trial::accepts)
                        .boxes();
        BoxLoops loops = BoxLoops.of(execution, () -> compiled.loops(execution), boxes, work);
        if (pipeline.stage() instanceof Pipeline.Grouping grouping) {
            return groups(loops, grouping);
        }
        if (pipeline.stage() instanceof Pipeline.Top top) {
            return top(loops, top);
        }
        if (pipeline.stage() instanceof Pipeline.TopOfGroups top) {
            return topOfGroups(loops, top);
        }
        long rows = Math.max(1, STREAMED_CELLS / weight());
        return target > STREAMED_CELLS ? loops.rows(extents, rows) : loops.rows();
    }

    private long target(double work) {
        if (pipeline.open()) {
            boolean few = work <= (double) STREAMED_CELLS * STREAMED_BOXES;
            return few ? STREAMED_CELLS : (long) (work / COARSE_BOXES);
        }
        return Math.max(Workers.boxCells(), (long) (work / BOXES));
    }

    /** Numbers read for each innermost coordinate, or what takes as long. */
    private long weight() {
        long weight = 1;
        for (Nest.Operand operand : pipeline.nest().operands()) {
            for (RunTensors run : runs) {
                if (operand.line() != null) {
                    weight = Math.max(weight, LINE_CELL);
                } else if (!operand.tensor().cells()) {
                    weight = Math.max(weight, run.width(operand.tensor()));
                }
            }
        }
        return weight;
    }

    private Enumerable<Object[]> groups(BoxLoops loops, Pipeline.Grouping grouping) {
        Aggregates aggregates = Aggregates.of(grouping, pipeline.projects());
        List<Slot> slots = new ArrayList<>();
        List<BinaryOperator<Object>> merges = new ArrayList<>();
        for (Accumulator accumulator : aggregates.accumulators()) {
            slots.add(accumulator.slot());
            merges.add(accumulator.function() == null ? (a, b) -> a : UserAggregate.merge(accumulator.function()));
        }
        Groups groups = loops.groups(new GroupSpace(
                groupKeys,
                slots,
                merges,
                () -> {
                    throw new IllegalStateException("a grouping keeps no rows");
                },
                loops.execution().groupMemory()));
        boolean always = grouping.keys().isEmpty();
        if (always && groups.end() == 0) {
            throw new IllegalStateException("a grouping without keys has one group");
        }
        return Linq4j.asEnumerable(() -> new GroupRows(groups, groupKeys, aggregates.results(), runs, always));
    }

    private Enumerable<Object[]> topOfGroups(BoxLoops loops, Pipeline.TopOfGroups top) {
        int keys = top.collation().getFieldCollations().size();
        boolean descending =
                top.collation().getFieldCollations().get(0).getDirection().isDescending();
        Comparator<Object[]> order = RowOrder.of(top.collation(), keys);
        BinaryOperator<Object> merge = (a, b) -> ((TopRows) a).and((TopRows) b);
        GroupSpace space = new GroupSpace(
                groupKeys,
                List.of(Slot.SUM_LONG, Slot.OBJECT),
                List.of((a, b) -> a, merge),
                () -> new TopRows(top.fetch(), order, new TopBound(descending)),
                loops.execution().groupMemory());
        Groups groups = loops.groups(space);
        return Linq4j.asEnumerable(() -> new NumberedRows(groups, keys));
    }

    private Enumerable<Object[]> top(BoxLoops loops, Pipeline.Top top) {
        int keys = top.collation().getFieldCollations().size();
        int limit = Math.addExact(top.offset(), top.fetch());
        TopBound bound = new TopBound(
                top.collation().getFieldCollations().get(0).getDirection().isDescending());
        List<Object[]> rows =
                limit == 0 ? List.of() : loops.top(() -> new TopRows(limit, RowOrder.of(top.collation(), keys), bound));
        List<Object[]> result = new ArrayList<>();
        for (Object[] row : rows.subList(Math.min(top.offset(), rows.size()), rows.size())) {
            result.add(java.util.Arrays.copyOfRange(row, keys, row.length));
        }
        return Linq4j.asEnumerable(result);
    }
}
