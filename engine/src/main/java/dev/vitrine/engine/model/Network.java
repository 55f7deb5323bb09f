package dev.vitrine.engine.model;

import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Families;
import dev.vitrine.engine.model.architecture.ModelConfig;
import dev.vitrine.engine.model.architecture.TensorNames;
import java.nio.file.Path;

/** The weights of a model and what can be computed with them: a model without its tokenizer. Safe for use from several threads. */
final class Network implements AutoCloseable {
    private final String name;
    private final Architecture architecture;
    private final WeightSource source;
    private final NDManager manager;
    private final Weights weights;

    private Network(String name, Architecture architecture, WeightSource source, NDManager manager, Weights weights) {
        this.name = name;
        this.architecture = architecture;
        this.source = source;
        this.manager = manager;
        this.weights = weights;
    }

    /** Opens config.json and weights of a folder; the name is for messages. */
    static Network open(String name, Path folder) {
        ModelConfig config = ModelConfig.read(folder);
        WeightSource source = WeightSource.open(folder);
        NDManager manager = NDManager.newBaseManager();
        try {
            Architecture architecture = Families.read(config, new TensorNames(source.names()));
            return new Network(name, architecture, source, manager, new Weights(architecture, source, manager));
        } catch (VitrineException e) {
            manager.close();
            source.close();
            throw e;
        }
    }

    Architecture architecture() {
        return architecture;
    }

    void forward(long[] ids, ActivationSink sink) {
        check(ids);
        try (ForwardPass pass = pass(sink)) {
            pass.run(ids);
        }
    }

    private ForwardPass pass(ActivationSink sink) {
        return new ForwardPass(architecture, weights, sink, manager.newSubManager());
    }

    private void check(long[] ids) {
        if (ids.length == 0) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT,
                    "prompt has no tokens; expected 1 to " + architecture.maxPositions() + " (model " + name + ")");
        }
        if (ids.length > architecture.maxPositions()) {
            throw new VitrineException(
                    ErrorCode.BAD_PROMPT,
                    "prompt has " + ids.length + " tokens; expected at most " + architecture.maxPositions()
                            + ", the positions of the model (model " + name + ")");
        }
        int vocabulary = architecture.embedding().tokens().rows();
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabulary) {
                throw new VitrineException(
                        ErrorCode.BAD_PROMPT,
                        "token id at position " + i + " is " + ids[i] + "; expected 0 to " + (vocabulary - 1)
                                + " (model " + name + ")");
            }
        }
    }

    @Override
    public void close() {
        manager.close();
        source.close();
    }
}
