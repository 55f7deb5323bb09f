package dev.vitrine.sql.tensor.rel;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.code.Estimate;
import dev.vitrine.sql.tensor.run.RunTensors;
import java.util.List;
import java.util.function.Supplier;

/**
 * What planning needs to know of a store.
 *
 * @param runs the runs that there are now
 */
record TensorStore(Supplier<List<Run>> runs) {
    /** How much a pipeline does. */
    Estimate estimate(Pipeline pipeline) {
        return Estimate.of(pipeline, RunTensors.of(runs.get()));
    }
}
