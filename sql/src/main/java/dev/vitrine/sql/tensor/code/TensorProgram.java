package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.run.GroupKey;
import dev.vitrine.sql.tensor.run.RunTensors;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** A pipeline that can be run: its loops are written and compiled when it first is, and kept for the next time. Thread-safe. */
public final class TensorProgram {
    private final Pipeline pipeline;
    private final RexBuilder rexBuilder;
    private final String unfused;
    private final @Nullable Compiled[] variants = new Compiled[2];

    /** @param unfused says that rows go one by one to another operator, which has a budget; empty where they are the result */
    public TensorProgram(Pipeline pipeline, RexBuilder rexBuilder, String unfused) {
        this.pipeline = Lines.straighten(pipeline, rexBuilder);
        this.unfused = unfused;
        this.rexBuilder = rexBuilder;
    }

    /** Why a pipeline cannot be loops; null where it can. */
    public static @Nullable String obstacle(Pipeline pipeline, RexBuilder rexBuilder) {
        try {
            new NestWriter(pipeline, sink(pipeline, null), rexBuilder).write();
            return null;
        } catch (NotFusible e) {
            return e.reason();
        }
    }

    /**
     * The rows, each an array, or the value itself where they have one column.
     *
     * @param tables rows of the joined tables, in order
     */
    public Enumerable<Object> enumerable(DataContext context, Enumerable<?>... tables) {
        Query query = Query.of(context);
        List<RunTensors> runs = RunTensors.of(query.runs());
        Binding binding = new Binding(pipeline, runs, new ConstantValues(context));
        binding.load(List.of(tables));
        Enumerable<Object[]> rows = binding.run(query, this::compiled);
        if (!unfused.isEmpty()) {
            rows = RowBudget.limit(rows, unfused);
        }
        return pipeline.width() == 1 ? rows.select(row -> row[0]) : rows.select(row -> row);
    }

    private synchronized Compiled compiled(Binding binding) {
        int variant = binding.dense() ? 0 : 1;
        Compiled known = variants[variant];
        if (known == null) {
            Sink sink = sink(pipeline, binding);
            known = Compiled.of(new NestWriter(pipeline, sink, rexBuilder));
            variants[variant] = known;
        }
        return known;
    }

    private static Sink sink(Pipeline pipeline, @Nullable Binding binding) {
        if (pipeline.stage() instanceof Pipeline.Top top) {
            return new TopSink(top, pipeline.projects());
        }
        List<RexNode> keys = pipeline.keys();
        List<Accumulator> accumulators = pipeline.stage() instanceof Pipeline.Grouping grouping
                ? Aggregates.of(grouping, pipeline.projects()).accumulators()
                : pipeline.stage() instanceof Pipeline.TopOfGroups top
                        ? List.of(Accumulator.ROWS, Accumulator.top(top, pipeline.projects()))
                        : List.of();
        if (!accumulators.isEmpty()) {
            return binding == null
                    ? new GroupSink(keys, trial(pipeline, keys), accumulators, false)
                    : new GroupSink(keys, binding.groupKeys(), accumulators, binding.longRows());
        }
        return new RowSink();
    }

    /** Codings that are good for a trial, before any data is seen. */
    private static List<GroupKey> trial(Pipeline pipeline, List<RexNode> keys) {
        List<GroupKey> codings = new ArrayList<>();
        for (RexNode key : keys) {
            codings.add(GroupKeys.trial(pipeline.nest(), key, codings.size()));
        }
        return codings;
    }

    /** Kinds of a joined table's columns. */
    static List<Kind> kinds(Pipeline.DimensionJoin join) {
        return join.rowType().getFieldList().stream()
                .map(field -> Kind.of(field.getType()))
                .toList();
    }
}
