package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run of a store: what one model made of many prompts. Its files are opened when they are first asked for. Thread-safe; {@code
 * BAD_STORE} where a file is not what the manifest says.
 */
public final class Run {
    private final Path folder;
    private final String name;
    private final RunManifest manifest;
    private final RunContents contents;
    private final Map<TableLayout, MappedTensor> tensors = new EnumMap<>(TableLayout.class);
    private volatile @Nullable RunTexts texts;
    private @Nullable AttentionRows attention;

    Run(Path folder, RunManifest manifest) {
        this.folder = folder;
        this.name = folder.getFileName().toString();
        this.manifest = manifest;
        this.contents = RunContents.of(manifest);
    }

    /** Reads the manifest of a run's folder. */
    static Run open(Path folder) {
        return new Run(folder, ManifestFile.read(folder));
    }

    /** The run's name, which is its folder's. */
    public String name() {
        return name;
    }

    public RunManifest manifest() {
        return manifest;
    }

    public ModelCard model() {
        return manifest.model();
    }

    /** Number of prompts. */
    public int prompts() {
        return manifest.prompts();
    }

    /** Tokens in a prompt. */
    public int tokens(int prompt) {
        return texts().lengths().tokens(prompt);
    }

    /** Tokens in the longest prompt. */
    public int maxTokens() {
        return texts().lengths().longest();
    }

    /** Text and labels of a prompt. */
    public PromptRow prompt(int prompt) {
        return texts().prompt(prompt);
    }

    public int tokenId(int prompt, int pos) {
        return texts().tokenId(prompt, pos);
    }

    /** The vocabulary's entry, e.g. {@code Ġcat} or {@code ##at}. */
    public String token(int prompt, int pos) {
        return texts().token(prompt, pos);
    }

    /** Whether the tokenizer added the token. */
    public boolean special(int prompt, int pos) {
        return texts().special(prompt, pos);
    }

    /** The tokenizer's entries by token id. */
    public List<String> vocabulary() {
        return texts().vocabulary();
    }

    /** Whether the run keeps this activation, of the layers in {@link #layers}. */
    public boolean has(HookPoint hook) {
        return manifest.hooks().contains(hook)
                && !(hook == HookPoint.ATTENTION && manifest.attention() == AttentionForm.NONE);
    }

    /** The layers kept, ascending. */
    public int[] layers() {
        return manifest.layers().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Attention weights, stored or derived; {@code NOT_FOUND} if the run keeps none. */
    public synchronized AttentionRows attention() {
        if (attention == null) {
            if (!has(HookPoint.ATTENTION)) {
                throw notKept(HookPoint.ATTENTION);
            }
            PromptLengths lengths = texts().lengths();
            attention = manifest.attention() == AttentionForm.DERIVED
                    ? new DerivedAttention(queries(), keys(), lengths, model())
                    : new StoredAttention(
                            tensor(TableLayout.ATTENTION), tiles(lengths), lengths, units(HookPoint.ATTENTION));
        }
        return attention;
    }

    private @Nullable MappedFile tiles(PromptLengths lengths) {
        TensorTable table = contents.table(TableLayout.ATTENTION);
        return table == null || !table.statistics() ? null : table.openTiles(folder, manifest, lengths.prompts());
    }

    /** Queries, [d_head] for each query head; {@code NOT_FOUND} if the run keeps none. */
    public VectorRows queries() {
        return vectors(HookPoint.Q);
    }

    /** Keys, [d_head] for each kv head; {@code NOT_FOUND} if the run keeps none. */
    public VectorRows keys() {
        return vectors(HookPoint.K);
    }

    /** Value vectors, [d_head] for each kv head; {@code NOT_FOUND} if the run keeps none. */
    public VectorRows valueVectors() {
        return vectors(HookPoint.V);
    }

    /** A site of the residual stream, [d_model], one head; {@code NOT_FOUND} if the run does not keep it. */
    public VectorRows hidden(HookPoint site) {
        if (!RunContents.SITES.contains(site)) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    site.label() + " is not a site of hidden_states; expected one of "
                            + RunContents.SITES.stream().map(HookPoint::label).toList());
        }
        return vectors(site);
    }

    /** The neurons, [d_mlp], one head; {@code NOT_FOUND} if the run keeps none. */
    public VectorRows neurons() {
        return vectors(HookPoint.MLP_ACT);
    }

    private VectorRows vectors(HookPoint hook) {
        if (!has(hook)) {
            throw notKept(hook);
        }
        int[] units = units(hook);
        RunContents.Place place = contents.place(hook, manifest.layers().get(0));
        if (place == null) {
            throw notKept(hook);
        }
        String what = "run '" + name + "': " + hook.label();
        return new VectorRows(tensor(place.table().layout()), what, units);
    }

    private int[] units(HookPoint hook) {
        int[] units = new int[model().layers()];
        Arrays.fill(units, -1);
        for (int layer : manifest.layers()) {
            RunContents.Place place = contents.place(hook, layer);
            if (place != null) {
                units[layer] = place.unit();
            }
        }
        return units;
    }

    private VitrineException notKept(HookPoint hook) {
        return new VitrineException(
                ErrorCode.NOT_FOUND,
                "run '" + name + "' keeps no " + hook.label() + "; it has "
                        + manifest.hooks().stream().map(HookPoint::label).toList());
    }

    private synchronized MappedTensor tensor(TableLayout layout) {
        return tensors.computeIfAbsent(layout, key -> {
            TensorTable table = contents.table(key);
            if (table == null) {
                throw new IllegalStateException(name + " has no " + key);
            }
            return MappedTensor.open(folder, manifest, table, texts().lengths());
        });
    }

    private RunTexts texts() {
        RunTexts read = texts;
        if (read == null) {
            synchronized (this) {
                read = texts;
                if (read == null) {
                    read = RunTexts.open(folder, manifest);
                    texts = read;
                }
            }
        }
        return read;
    }
}
