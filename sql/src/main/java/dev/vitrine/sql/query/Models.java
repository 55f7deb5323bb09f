package dev.vitrine.sql.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The models behind a store's runs, each opened at first use, shared by all statements and closed together. */
public final class Models implements AutoCloseable {
    private final Map<String, TransformerModel> bySource = new HashMap<>();

    /** The model that runs of this name were extracted with; {@code NOT_FOUND} where none of the runs was. */
    public synchronized TransformerModel model(String name, List<Run> runs) {
        for (Run run : runs) {
            ModelCard card = run.model();
            if (card.name().equals(name)) {
                return bySource.computeIfAbsent(card.source(), Models::open);
            }
        }
        throw new VitrineException(
                ErrorCode.NOT_FOUND,
                "model '" + name + "' is not one of this store's runs; expected "
                        + runs.stream()
                                .map(run -> run.model().name())
                                .distinct()
                                .collect(Collectors.joining(", ", "[", "]")));
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
