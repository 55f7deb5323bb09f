package dev.vitrine.engine.model;

import ai.djl.Device;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.architecture.Architecture;
import dev.vitrine.engine.model.architecture.Attention;
import dev.vitrine.engine.model.architecture.Block;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A model that can be looked into: config.json, tokenizer and memory-mapped weights of one folder. Safe for use from several threads,
 * though a forward pass uses all of torch's threads by itself. Whoever opens it closes it; arrays that sinks have attached elsewhere
 * stay valid, {@link WeightMatrix} does not.
 */
public final class TransformerModel implements AutoCloseable {
    private final ModelCard card;
    private final Tokenizer tokenizer;
    private final Network network;

    private TransformerModel(ModelCard card, Tokenizer tokenizer, Network network) {
        this.card = card;
        this.tokenizer = tokenizer;
        this.network = network;
    }

    /**
     * Opens a model to compute on the processor: {@code minilm}, {@code induction-toy}, a Hugging Face folder, or what {@link ModelCard#source} says. {@code NOT_FOUND} where folder, config.json, weights or tokenizer.json are not there,
     * {@code UNSUPPORTED_MODEL} for an architecture or a setting that is not read, {@code BAD_MODEL} where the files contradict each
     * other.
     */
    public static TransformerModel open(String nameOrFolder) {
        NativeLibraries.prepare();
        return open(nameOrFolder, Device.cpu());
    }

    /** Opens a model and brings its weights to a device, which {@link ComputeDevice} chooses. Activations come back from there. */
    public static TransformerModel open(String nameOrFolder, Device device) {
        return open(ModelFolder.resolve(nameOrFolder), device);
    }

    /** The same under another name, for a store that has a model of the folder's name already. */
    public static TransformerModel open(String nameOrFolder, String name, Device device) {
        ModelFolder folder = ModelFolder.resolve(nameOrFolder);
        return open(new ModelFolder(name, folder.source(), folder.path()), device);
    }

    private static TransformerModel open(ModelFolder folder, Device device) {
        return TorchCall.of(() -> {
            Network network = Network.open(folder.name(), folder.path(), device);
            try {
                return new TransformerModel(card(folder, network), Tokenizer.open(folder.path()), network);
            } catch (VitrineException e) {
                network.close();
                throw e;
            }
        });
    }

    private static ModelCard card(ModelFolder folder, Network network) {
        Architecture architecture = network.architecture();
        Block block = architecture.blocks().get(0);
        Attention attention = block.attention();
        return new ModelCard(
                folder.name(),
                folder.source(),
                network.modelType(),
                architecture.causal() ? "decoder" : "encoder",
                architecture.blocks().size(),
                attention.heads(),
                attention.kvHeads(),
                architecture.modelWidth(),
                attention.headWidth(),
                block.mlp().in().outputs(),
                architecture.embedding().tokens().rows(),
                architecture.maxPositions(),
                block.order().label(),
                architecture.head() != null,
                architecture.blocks().stream()
                        .map(each -> each.attention().rule())
                        .toList(),
                network.fingerprint());
    }

    /** What the model is, in numbers. */
    public ModelCard card() {
        return card;
    }

    /** From text to token ids and back. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /**
     * How many tokens a pass should have: shorter prompts had better share one, since a pass reads all weights once, whatever it runs. Of
     * GPT-2 small's shape, on two cores, 8 tokens alone went at 240 tokens/s, 16 such prompts together at 940, 128
     * tokens alone at 930 and two such prompts at 890. Where MKL multiplies, which arranges the weights anew in every pass, 128 alone went at 690 and two at 820.
     * Nor should it have many more, as all activations of a shared pass are held until it ends.
     */
    public int passTokens() {
        return network.passTokens();
    }

    /**
     * Runs one prompt, unpadded, and gives the sink every activation that it wants, in the order in which they are computed.
     * {@code BAD_PROMPT} where there are no tokens, more than the model has positions for, or ids outside the vocabulary.
     */
    public void forward(long[] tokenIds, ActivationSink sink) {
        TorchCall.of(() -> {
            network.forward(tokenIds, sink);
            return sink;
        });
    }

    /**
     * Runs several prompts at once, which reads the weights once for all and is faster where prompts are short. Nothing is padded and
     * no prompt sees another; numbers differ from those of prompts run one by one only as rounding does. Every sink gets its own
     * prompt's activations in the order in which they are computed, between those of the others.
     * {@code BAD_PROMPT} as in {@link #forward(long[], ActivationSink)}, before anything is computed.
     */
    public void forward(List<BatchedPrompt> prompts) {
        TorchCall.of(() -> {
            network.forward(prompts);
            return prompts;
        });
    }

    /**
     * Whether two passes had better run side by side, each on half of torch's threads, than one after the other on all: where the model
     * is on the processor and torch has two threads.
     */
    public boolean sideBySide() {
        return network.sideBySide();
    }

    /**
     * Runs several prompts at once as {@link #forward(List)} does, but on one of two threads beside the caller's, each with half of
     * torch's threads; a third pass waits for one of the two to end. Sinks are called from those threads, and what a pass throws is
     * in what is given here. The model must not be closed before all have ended.
     */
    public CompletableFuture<Void> forwardBeside(List<BatchedPrompt> prompts) {
        return network.lanes().run(() -> forward(prompts));
    }

    /**
     * The final norm and the head on rows of the last layer's resid_post.
     *
     * @param lastResidPost [rows, d_model], row-major
     * @return [rows, vocab_size], row-major; {@code NOT_FOUND} where the model has no head
     */
    public float[] logits(float[] lastResidPost, int rows) {
        return TorchCall.of(() -> network.logits(lastResidPost, rows));
    }

    /**
     * A vector times the unembedding matrix, or the transposed embedding matrix where the model has no head; no norm, no bias, no cap.
     *
     * @param vector [d_model]; in a model whose embedding is narrower than d_model (ALBERT, ELECTRA) of that width
     * @return [vocab_size]
     */
    public float[] unembed(float[] vector) {
        return TorchCall.of(() -> network.unembed(vector));
    }

    /**
     * Every named matrix: {@code W_E}, {@code W_pos}, {@code W_token_type}; for each layer {@code W_Q}, {@code W_K}, {@code W_V},
     * {@code W_O} by head, {@code W_in}, {@code W_gate}, {@code W_out}, with their biases {@code b_*}; {@code W_U} and {@code b_U}.
     * What a model does not have is left out.
     */
    public List<WeightMatrix> weights() {
        return network.weights();
    }

    /** Lets go of the memory, unless the process is ending and does so anyway. */
    @Override
    public void close() {
        TorchCall.unlessEnding(() -> {
            tokenizer.close();
            network.close();
        });
    }
}
