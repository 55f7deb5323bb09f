package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.run.Partition;
import dev.vitrine.sql.tensor.run.RunTensors;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;

/**
 * How much a pipeline does, as far as that is known before its parameters are.
 *
 * @param cells coordinates that its loops go through, where conditions between coordinates are not counted
 * @param rows about how many rows come out
 */
public record Estimate(double cells, double rows) {
    /** Part of the rows that a condition is taken to pass. */
    private static final double SELECTIVITY = 0.25;

    private static final double GROUPS_OF_A_KEY = 100;

    public static Estimate of(Pipeline pipeline, List<RunTensors> runs) {
        Binding binding = new Binding(pipeline, runs, new ConstantValues(null));
        Partition whole = Partition.of(binding.extents(), Long.MAX_VALUE, run -> true);
        double cells = whole.cells();
        double passed = cells;
        Levels levels = new Levels(
                pipeline.nest(),
                pipeline.joins().stream().map(Pipeline.DimensionJoin::keys).toList());
        for (RexNode filter : pipeline.filters()) {
            if (Bound.of(filter, pipeline.nest(), levels) == null) {
                passed *= SELECTIVITY;
            }
        }
        if (pipeline.stage() instanceof Pipeline.Top top) {
            return new Estimate(cells, Math.min(passed, top.fetch()));
        }
        if (!pipeline.open()) {
            double rows = pipeline.stage() instanceof Pipeline.TopOfGroups top ? top.fetch() : 1;
            for (RexNode key : pipeline.keys()) {
                rows *= values(key, binding);
            }
            return new Estimate(cells, Math.max(1, Math.min(passed, rows)));
        }
        return new Estimate(cells, Math.max(1, passed));
    }

    private static double values(RexNode key, Binding binding) {
        if (key instanceof RexInputRef ref
                && binding.extents().nest().columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate) {
            return Math.max(
                    1,
                    binding.extents().hi(coordinate.axis()) - binding.extents().lo(coordinate.axis()));
        }
        return GROUPS_OF_A_KEY;
    }
}
