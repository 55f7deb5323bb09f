package dev.vitrine.engine.store;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TokenizedPrompt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes a run: {@link #begin} a prompt, run the model into what that gives, commit it, and after the last prompt {@link #finish}. Activations
 * are written while the forward pass goes on. Until {@code finish} all is in a folder beside the runs, {@code .NAME.tmp}, so a run is
 * whole or absent; {@link #close} without it removes that folder, unless the run is to be resumable. One thread calls, but for the prompts in
 * flight, which are committed in the order in which they were begun.
 */
public final class RunWriter implements AutoCloseable {
    private final RunPlan plan;
    private final RunContents contents;
    private final RunFolder folder;
    private final boolean resumable;
    private final Journal.@Nullable Progress resumed;
    private final Journal journal;
    private final Instant createdAt;
    private final NDManager manager;
    private final BufferMemory memory;
    private final WriteQueue queue;
    private final Map<TensorTable, TensorFile> tensors = new TreeMap<>(Comparator.comparing(TensorTable::layout));
    private final TextTables texts;
    private final CRC32C ids = new CRC32C();
    private final ByteBuffer idBytes = ByteBuffer.allocate(Long.BYTES);
    private int begun;
    private int prompts;
    private long tokens;
    /** Writes that had been put in line with the last commit, and what that was when the pass began. */
    private long committed;

    private long committedBeforePass;

    private boolean finished;
    private final CancelOnExit cancelOnExit;

    private RunWriter(
            RunPlan plan, RunFolder folder, boolean resume, List<String> vocabulary, CancelOnExit cancelOnExit)
            throws IOException {
        this.plan = plan;
        this.contents = RunContents.of(plan);
        this.folder = folder;
        this.resumable = resume;
        Path temporary = folder.temporary();
        NativeLibraries.prepare();
        this.manager = NDManager.newBaseManager(Device.cpu());
        this.memory = new BufferMemory();
        this.queue = new WriteQueue("vitrine-writer", memory);
        try {
            this.resumed = resume ? Journal.read(temporary, plan) : null;
            if (resumed == null) {
                folder.clear();
                createdAt = Instant.now().truncatedTo(ChronoUnit.MILLIS);
                for (TensorTable table : contents.tables()) {
                    tensors.put(table, TensorFile.create(temporary, queue, table));
                }
                journal = Journal.create(temporary, plan, createdAt);
            } else {
                createdAt = resumed.createdAt();
                for (TensorTable table : contents.tables()) {
                    tensors.put(table, TensorFile.resume(temporary, queue, table, resumed.file(table)));
                }
                journal = Journal.append(temporary);
            }
            this.texts = TextTables.create(temporary, queue, vocabulary);
        } catch (IOException | RuntimeException e) {
            queue.close();
            memory.close();
            manager.close();
            throw e;
        }
        this.cancelOnExit = cancelOnExit;
        cancelOnExit.stops(this);
    }

    /**
     * Begins a run in a store, whose folder is made if it is not there. {@code ALREADY_EXISTS} if the store has a run of that name,
     * {@code LOCKED} if it is being written.
     *
     * @param vocabulary the tokenizer's entries by token id
     * @param resume whether to go on with what an extraction that ended early has left, if it left something, and to leave what is
     *     committed if this one ends early
     */
    public static RunWriter create(Path store, RunPlan plan, List<String> vocabulary, boolean resume) {
        CancelOnExit cancelOnExit = CancelOnExit.begin();
        RunWriter writer = null;
        try {
            RunFolder folder = RunFolder.create(store, plan.run());
            try {
                writer = new RunWriter(plan, folder, resume, vocabulary, cancelOnExit);
                return writer;
            } catch (IOException | RuntimeException e) {
                if (!resume) {
                    folder.remove();
                }
                folder.close();
                throw e;
            }
        } catch (IOException e) {
            throw unwritable(plan, e);
        } finally {
            if (writer == null) {
                cancelOnExit.close();
            }
        }
    }

    /** Begins a run that cannot be resumed. */
    public static RunWriter create(Path store, RunPlan plan, List<String> vocabulary) {
        return create(store, plan, vocabulary, false);
    }

    /**
     * Begins the next prompt; null if it is committed already, by the extraction that this one resumes: then go on with the next. {@code
     * INVALID_ARGUMENT} if the prompts are not those of that extraction.
     *
     * @param labels what the prompt file says of it, by name
     * @param prompt its tokens, at least one
     */
    public @Nullable PromptWriter begin(String text, Map<String, String> labels, TokenizedPrompt prompt) {
        int index = begun++;
        int n = prompt.length();
        tokens += n;
        String idsBefore = BatchFile.hex(ids);
        for (long id : prompt.ids()) {
            idBytes.putLong(0, id);
            ids.update(idBytes.rewind());
        }
        try {
            if (resumed != null && index < resumed.prompts()) {
                skip(text, labels, prompt);
                return null;
            }
            for (TensorFile tensor : tensors.values()) {
                tensor.begin(index, n);
            }
            start(index, idsBefore);
            texts.add(index, text, labels, prompt);
        } catch (IOException e) {
            throw unwritable(plan, e);
        }
        return new PromptWriter(this, index, BatchFile.hex(ids), committedBeforePass);
    }

    /** Lets prompts go to the files that now can; so many are committed. */
    private void start(int committed, String checksum) throws IOException {
        boolean flushed = false;
        for (TensorFile tensor : tensors.values()) {
            flushed |= tensor.makeRoom();
        }
        if (flushed) {
            journal(committed, checksum);
            queue.drain();
        }
        for (TensorFile tensor : tensors.values()) {
            tensor.start();
        }
    }

    private void skip(String text, Map<String, String> labels, TokenizedPrompt prompt) throws IOException {
        int index = prompts++;
        for (TensorFile tensor : tensors.values()) {
            tensor.skip(index, prompt.length());
        }
        texts.add(index, text, labels, prompt);
        if (resumed != null
                && prompts == resumed.prompts()
                && !BatchFile.hex(ids).equals(resumed.ids())) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "run '" + plan.run() + "' cannot be resumed: its first " + prompts
                            + " prompts are not those that it was begun with");
        }
    }

    /** Has the journal say what is committed, when all before it is in the files. */
    private void journal(int committed, String checksum) {
        List<Journal.FileState> states = new ArrayList<>();
        for (TensorFile tensor : tensors.values()) {
            states.add(tensor.state());
        }
        queue.put(() -> journal.commit(committed, checksum, states));
    }

    /** Whether prompts must be given this activation. */
    public boolean wants(HookPoint hook, int layer) {
        return contents.takes(hook, layer);
    }

    void accept(int prompt, HookPoint hook, int layer, NDArray activation, long before) {
        RunContents.Place place = contents.place(hook, layer);
        if (place == null || !contents.takes(hook, layer)) {
            return;
        }
        queue.check();
        if (layer != plan.layers().get(0)) {
            queue.drain(before);
        }
        int heads = place.table().headsIn(activation.getShape());
        try {
            file(place.table()).put(prompt, place.unit(), Activation.of(activation, heads, plan.dtype(), manager));
        } catch (IOException e) {
            throw unwritable(plan, e);
        }
    }

    private TensorFile file(TensorTable table) {
        TensorFile file = tensors.get(table);
        if (file == null) {
            throw new IllegalStateException(table.layout() + " has no file");
        }
        return file;
    }

    void commit(int prompt, String checksum, long before) {
        if (prompt != prompts) {
            throw new IllegalStateException("prompt " + prompt + " is committed after " + prompts + " prompts");
        }
        queue.drain(before);
        prompts++;
        try {
            for (TensorFile tensor : tensors.values()) {
                end(tensor, prompt);
            }
            journal(prompts, checksum);
            committed = queue.given();
            start(prompts, checksum);
        } catch (IOException e) {
            throw unwritable(plan, e);
        }
    }

    private void end(TensorFile tensor, int prompt) throws IOException {
        TensorTable.Unit missing = tensor.end();
        if (missing != null) {
            throw new VitrineException(
                    ErrorCode.INTERNAL,
                    "model " + plan.model().name() + " gave no "
                            + missing.hook().label() + " of layer " + missing.layer() + " for prompt " + prompt);
        }
    }

    /**
     * Begins a forward pass, whose prompts are begun next. What is committed now is in the files before an activation of a second layer
     * of the pass is taken, or its first prompt is committed, whichever comes first. A kill thus loses the prompts of the passes that
     * are computed, and those of the one before only as long as their last bytes are being written, at most until a new pass is through
     * its first layer.
     */
    public void beginPass() {
        committedBeforePass = committed;
    }

    /** Waits until what was committed is written. */
    void drain() {
        queue.drain();
    }

    /** Prompts that the extraction which this one resumes has committed; {@link #begin} is false for so many. */
    public int committedBefore() {
        return resumed == null ? 0 : resumed.prompts();
    }

    /** Prompts committed so far. */
    public int prompts() {
        return prompts;
    }

    /** Ends the run: after this it is in the store and durable. */
    public RunManifest finish() {
        try {
            if (resumed != null && prompts < resumed.prompts()) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "run '" + plan.run() + "' cannot be resumed: it has " + resumed.prompts()
                                + " prompts already, given were " + prompts);
            }
            if (prompts < begun) {
                throw new IllegalStateException("prompt " + prompts + " was begun and not committed");
            }
            queue.drain();
            for (TensorFile tensor : tensors.values()) {
                tensor.flush();
            }
            journal(prompts, BatchFile.hex(ids));
            List<FileEntry> files = new ArrayList<>(texts.finish());
            for (TensorFile tensor : tensors.values()) {
                files.addAll(tensor.finish());
            }
            RunManifest manifest = new RunManifest(
                    RunManifest.FORMAT_MAJOR,
                    RunManifest.FORMAT_MINOR,
                    contents.features(),
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

    /** Lets go of everything; unless {@link #finish} succeeded or the run can be resumed, what was written is removed. */
    @Override
    public void close() {
        queue.close();
        try {
            for (TensorFile tensor : tensors.values()) {
                tensor.close();
            }
            texts.close();
            journal.close();
            manager.close();
            if (!finished && !resumable) {
                folder.remove();
            }
            folder.close();
        } catch (IOException e) {
            throw unwritable(plan, e);
        } finally {
            // Only now: a file is closed when no thread fills its buffer any more.
            memory.close();
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
