package dev.vitrine.engine.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Families;
import dev.vitrine.engine.model.architecture.Head;
import dev.vitrine.engine.model.architecture.Linear;
import dev.vitrine.engine.model.architecture.ModelConfig;
import dev.vitrine.engine.model.architecture.Table;
import dev.vitrine.engine.model.architecture.TensorNames;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The weights of a model and what can be computed with them: a model without its tokenizer. Safe for use from several threads. */
final class Network implements AutoCloseable {
    /** The square of one more is not an int. */
    private static final int LONGEST = 46_340;

    private final String name;
    private final String modelType;
    private final Architecture architecture;
    private final WeightSource source;
    private final NDManager manager;
    private final Layers layers;
    private final @Nullable OneDnn oneDnn;
    private final Linear unembedding;
    private @Nullable Lanes lanes;

    private Network(String name, ModelConfig config, WeightSource source, NDManager manager) {
        this.name = name;
        this.modelType = config.modelType();
        this.architecture = Families.read(config, new TensorNames(source.names()));
        this.source = source;
        this.manager = manager;
        Head head = architecture.head();
        Table words = architecture.embedding().tokens();
        this.unembedding = head == null
                ? new Linear(words.name(), null, words.columns(), words.rows(), false)
                : head.unembedding().withoutBias();
        // Weights come first: where they are wrong, nothing of the model may stay open.
        Weights weights = new Weights(architecture, unembedding, source, manager);
        this.oneDnn = manager.getDevice().isGpu() ? null : OneDnn.open();
        this.layers = new Layers(architecture, weights, oneDnn);
    }

    /** Opens config.json and weights of a folder; the name is for messages. */
    static Network open(String name, Path folder, Device device) {
        ModelConfig config = ModelConfig.read(folder);
        WeightSource source = WeightSource.open(folder);
        NDManager manager = NDManager.newBaseManager(device);
        try {
            return new Network(name, config, source, manager);
        } catch (VitrineException e) {
            manager.close();
            source.close();
            throw e;
        }
    }

    /** Opens a folder to compute on the processor. */
    static Network open(String name, Path folder) {
        NativeLibraries.prepare();
        return open(name, folder, Device.cpu());
    }

    String modelType() {
        return modelType;
    }

    Architecture architecture() {
        return architecture;
    }

    /** See {@link TransformerModel#passTokens}. */
    int passTokens() {
        boolean byOneDnn = oneDnn != null
                && architecture.blocks().stream()
                        .allMatch(block -> block.attention().output().inputFirst());
        return byOneDnn ? 128 : 256;
    }

    /** See {@link WeightSource#fingerprint}. */
    String fingerprint() {
        return source.fingerprint();
    }

    void forward(long[] ids, ActivationSink sink) {
        forward(List.of(new BatchedPrompt(ids, sink)));
    }

    void forward(List<BatchedPrompt> prompts) {
        forward(prompts, ForwardPass.QUERIES);
    }

    /** @param queries of more than twice as many, where a prompt is alone, one head attends at a time, and in a causal model so many of them */
    void forward(List<BatchedPrompt> prompts, int queries) {
        prompts.forEach(prompt -> check(prompt.tokenIds()));
        if (prompts.isEmpty()) {
            return;
        }
        NativeHeap.keepFreed();
        try (NDManager pass = manager.newSubManager()) {
            new ForwardPass(architecture, layers, prompts, queries, pass).run();
        }
    }

    /** See {@link TransformerModel#sideBySide}. */
    boolean sideBySide() {
        return !manager.getDevice().isGpu() && Lanes.possible();
    }

    /** Two threads for passes side by side. */
    synchronized Lanes lanes() {
        if (lanes == null) {
            lanes = new Lanes();
        }
        return lanes;
    }

    float[] logits(float[] lastResidPost, int rows) {
        Head head = architecture.head();
        if (head == null) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "model has no language-model head, so there are no logits; expected one saved with its head (model "
                            + name + ")");
        }
        int width = architecture.modelWidth();
        if (lastResidPost.length != (long) rows * width) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "resid_post has " + lastResidPost.length + " values; expected " + rows + " rows of " + width
                            + " (model " + name + ")");
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray stream = scratch.create(FloatBuffer.wrap(lastResidPost), new Shape(rows, width));
            return layers.logits(head, layers.lastHiddenState(stream)).toFloatArray();
        }
    }

    float[] unembed(float[] vector) {
        Linear projection = architecture.outputProjection();
        if (projection != null && vector.length == projection.inputs()) {
            return unembed(projected(projection, vector));
        }
        if (vector.length != unembedding.inputs()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "vector has " + vector.length + " values; expected " + unembedding.inputs()
                            + ", what the unembedding matrix takes (model " + name + ")");
        }
        return projected(unembedding, vector);
    }

    private float[] projected(Linear linear, float[] vector) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray x = scratch.create(FloatBuffer.wrap(vector), new Shape(1, vector.length));
            return layers.linear(linear, x).toFloatArray();
        }
    }

    List<WeightMatrix> weights() {
        return WeightMatrices.of(architecture, source);
    }

    /** How many arrays and passes the model holds at the moment. */
    int handles() {
        return manager.getManagedArrays().size();
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
                            + ", the model's positions (model " + name + ")");
        }
        if (ids.length > LONGEST) {
            throw new VitrineException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "prompt has " + ids.length + " tokens; expected at most " + LONGEST
                            + ", whose attention by one head fits an array (model " + name + ")");
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
        if (lanes != null) {
            lanes.close();
        }
        if (oneDnn != null) {
            oneDnn.close();
        }
        manager.close();
        source.close();
        NativeHeap.trim();
    }
}
