package dev.vitrine.sql.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The models behind a store's runs, each opened at first use, shared by all statements and closed together. */
public final class Models implements AutoCloseable {
    private final Map<String, TransformerModel> bySource = new HashMap<>();

    /** The model that a run was extracted with; {@code BAD_MODEL} where other weights stand in its place by now. */
    public synchronized TransformerModel model(Run run) {
        ModelCard extracted = run.model();
        TransformerModel model = bySource.computeIfAbsent(extracted.source(), Models::open);
        if (!model.card().mayShareWeights(extracted)) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL,
                    "the weights in " + extracted.source() + " are not those of run '" + run.name()
                            + "': they have checksum "
                            + model.card().weights() + ", the run's had " + extracted.weights()
                            + "; expected those back, or the run extracted anew");
        }
        return model;
    }

    /**
     * The model of that name; {@code NOT_FOUND} where none of the runs has it, {@code INVALID_ARGUMENT} where runs of models from
     * different places do.
     */
    public TransformerModel model(String name, List<Run> runs) {
        Map<String, Run> named = new LinkedHashMap<>();
        for (Run run : runs) {
            if (run.model().name().equals(name)) {
                named.putIfAbsent(run.model().source(), run);
            }
        }
        if (named.isEmpty()) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "model '" + name + "' is not one of this store's runs; expected "
                            + runs.stream()
                                    .map(run -> run.model().name())
                                    .distinct()
                                    .collect(Collectors.joining(", ", "[", "]")));
        }
        if (named.size() > 1) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "model '" + name + "' is the name of " + named.size() + " models of this store, those of runs "
                            + named.values().stream().map(Run::name).collect(Collectors.joining(", "))
                            + "; expected a name that only one has");
        }
        return model(named.values().iterator().next());
    }

    private static TransformerModel open(String source) {
        String builtIn = "builtin:";
        return TransformerModel.open(source.startsWith(builtIn) ? source.substring(builtIn.length()) : source);
    }

    @Override
    public synchronized void close() {
        bySource.values().forEach(TransformerModel::close);
        bySource.clear();
    }
}
