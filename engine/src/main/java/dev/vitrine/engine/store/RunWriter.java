package dev.vitrine.engine.store;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ActivationSink;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TokenizedPrompt;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a run: {@link #begin} a prompt, run the model into it, {@link #commit}, and after the last prompt {@link #finish}. Activations
 * are written while the forward pass goes on. Until {@code finish} all is in a folder beside the runs, {@code .NAME.tmp}, so a run is
 * whole or absent; {@link #close} without it removes that folder. One thread calls; the activations given must not change until the
 * prompt is committed.
 */
public final class RunWriter implements ActivationSink, AutoCloseable {
    /** Activations that may wait for the disk, in bytes: those of one prompt, within these bounds. */
    private static final long WAITING_LEAST = 16L << 20;

    private static final long WAITING_MOST = 512L << 20;

    private final RunPlan plan;
    private final RunContents contents;
    private final RunFolder folder;
    private final Instant createdAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final NDManager manager;
    private final WriteQueue queue;
    private final Map<TensorTable, TensorFile> tensors = new TreeMap<>(Comparator.comparing(TensorTable::layout));
    private final TextTables texts;
    private int prompts;
    private long tokens;
    private long waitingLimit;
    private boolean finished;
    private final CancelOnExit cancelOnExit;

    private RunWriter(RunPlan plan, RunFolder folder, List<String> vocabulary) throws IOException {
        this.plan = plan;
        this.contents = new RunContents(plan.model(), plan.hooks(), plan.layers(), plan.attention(), plan.dtype());
        this.folder = folder;
        for (TensorTable table : contents.tables()) {
            tensors.put(table, TensorFile.create(folder.temporary(), table));
        }
        this.texts = TextTables.create(folder.temporary(), vocabulary);
        this.queue = new WriteQueue("vitrine-writer");
        NativeLibraries.prepare();
        this.manager = NDManager.newBaseManager(Device.cpu());
        this.cancelOnExit = CancelOnExit.of(this);
    }

    /**
     * Begins a run in a store, whose folder is made if it is not there. {@code ALREADY_EXISTS} if the store has a run of that name.
     *
     * @param vocabulary the tokenizer's entries by token id
     */
    public static RunWriter create(Path store, RunPlan plan, List<String> vocabulary) {
        try {
            RunFolder folder = RunFolder.create(store, plan.run());
            try {
                return new RunWriter(plan, folder, vocabulary);
            } catch (IOException | RuntimeException e) {
                folder.remove();
                folder.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(plan, e);
        }
    }

    /**
     * Begins the next prompt.
     *
     * @param labels what the prompt file says of it, by name
     * @param prompt its tokens, at least one
     */
    public void begin(String text, Map<String, String> labels, TokenizedPrompt prompt) {
        int index = prompts;
        int n = prompt.length();
        waitingLimit = 0;
        for (TensorTable table : tensors.keySet()) {
            waitingLimit += table.tiles() * table.tileNumbers(n) * Float.BYTES;
        }
        waitingLimit = Math.max(WAITING_LEAST, Math.min(waitingLimit, WAITING_MOST));
        queue.put(
                () -> {
                    for (TensorFile tensor : tensors.values()) {
                        tensor.begin(index, n);
                    }
                    texts.add(index, text, labels, prompt);
                },
                0,
                waitingLimit);
        tokens += n;
    }

    @Override
    public boolean wants(HookPoint hook, int layer) {
        return contents.takes(hook, layer);
    }

    @Override
    public void accept(HookPoint hook, int layer, NDArray activation) {
        RunContents.Place place = contents.place(hook, layer);
        if (place == null || !contents.takes(hook, layer)) {
            return;
        }
        TensorFile tensor = file(place.table());
        Activation taken = Activation.of(activation, place.table().heads(), plan.dtype(), manager);
        queue.put(
                new WriteQueue.Job() {
                    @Override
                    public void write() throws IOException {
                        tensor.put(place.unit(), taken);
                    }

                    @Override
                    public void discard() {
                        taken.close();
                    }
                },
                taken.bytes(),
                waitingLimit);
    }

    private TensorFile file(TensorTable table) {
        TensorFile file = tensors.get(table);
        if (file == null) {
            throw new IllegalStateException(table.layout() + " has no file");
        }
        return file;
    }

    /** Ends the prompt begun last; {@code INTERNAL} if the model left out an activation that the plan keeps. */
    public void commit() {
        int prompt = prompts++;
        queue.put(
                () -> {
                    for (TensorFile tensor : tensors.values()) {
                        TensorTable.Unit missing = tensor.end();
                        if (missing != null) {
                            throw new VitrineException(
                                    ErrorCode.INTERNAL,
                                    "model " + plan.model().name() + " gave no "
                                            + missing.hook().label() + " of layer " + missing.layer() + " for prompt "
                                            + prompt);
                        }
                    }
                },
                0,
                waitingLimit);
    }

    /** Prompts committed so far. */
    public int prompts() {
        return prompts;
    }

    /** Ends the run: after this it is in the store and durable. */
    public RunManifest finish() {
        try {
            queue.drain();
            List<FileEntry> files = new ArrayList<>(texts.finish());
            for (TensorFile tensor : tensors.values()) {
                files.add(tensor.finish());
            }
            RunManifest manifest = new RunManifest(
                    RunManifest.FORMAT_MAJOR,
                    RunManifest.FORMAT_MINOR,
                    List.of(),
                    plan.run(),
                    createdAt,
                    plan.model(),
                    plan.hooks().stream().sorted().toList(),
                    plan.layers(),
                    prompts,
                    tokens,
                    plan.seed(),
                    plan.attention(),
                    plan.dtype(),
                    files);
            for (TensorFile tensor : tensors.values()) {
                tensor.close();
            }
            folder.publish(manifest);
            finished = true;
            return manifest;
        } catch (IOException e) {
            throw unwritable(plan, e);
        }
    }

    /** Makes the next call fail with {@code CANCELLED}, from any thread. */
    public void cancel() {
        queue.fail(new VitrineException(ErrorCode.CANCELLED, "extraction of run '" + plan.run() + "' was cancelled"));
    }

    /** Lets go of everything; unless {@link #finish} succeeded, what was written is removed. */
    @Override
    public void close() {
        queue.close();
        try {
            for (TensorFile tensor : tensors.values()) {
                tensor.close();
            }
            texts.close();
            manager.close();
            if (!finished) {
                folder.remove();
            }
            folder.close();
        } catch (IOException e) {
            throw unwritable(plan, e);
        } finally {
            cancelOnExit.close();
        }
    }

    private static VitrineException unwritable(RunPlan plan, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new VitrineException(
                    ErrorCode.CANCELLED, "extraction of run '" + plan.run() + "' was interrupted", e);
        }
        return new VitrineException(ErrorCode.IO, "run '" + plan.run() + "' could not be written: " + e, e);
    }
}
