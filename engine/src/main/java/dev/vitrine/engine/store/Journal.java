package dev.vitrine.engine.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What of a run that is being written is whole: a line of JSON for the plan, then one for every commit. What the files hold beyond the
 * last line belongs to prompts that were in flight when the process ended. The journal is not synced, since a kill loses nothing that
 * was written, and after a power failure the checksums tell.
 */
final class Journal implements Closeable {
    static final String NAME = "journal";
    private static final ObjectWriter WRITER = ManifestFile.MAPPER.writer().without(SerializationFeature.INDENT_OUTPUT);

    /** The first line. */
    private record Header(RunPlan plan, Instant createdAt) {}

    /**
     * Any other line.
     *
     * @param prompts prompts committed
     * @param ids checksum of their token ids
     * @param files the tensor files
     */
    private record Commit(int prompts, String ids, List<FileState> files) {}

    /**
     * How far a tensor file is.
     *
     * @param name the file
     * @param batches its record batches; in a line, those that came since the line before
     * @param stagedFrom the first prompt that waits for its batch
     * @param stagedBytes bytes that wait
     * @param stagedCrc32c their checksum
     */
    record FileState(String name, List<BatchEntry> batches, int stagedFrom, int stagedBytes, String stagedCrc32c) {}

    /** What a journal says altogether. */
    record Progress(Instant createdAt, int prompts, String ids, Map<String, FileState> files) {
        FileState file(TensorTable table) {
            String name = table.layout().file();
            FileState state = files.get(name);
            if (state == null) {
                throw new VitrineException(ErrorCode.BAD_STORE, "the journal of the run knows no " + name);
            }
            return state;
        }
    }

    private final FileChannel channel;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Begins a journal. */
    static Journal create(Path folder, RunPlan plan, Instant createdAt) throws IOException {
        Journal journal = new Journal(
                FileChannel.open(folder.resolve(NAME), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        journal.append(new Header(plan, createdAt));
        return journal;
    }

    /** Goes on with a journal. */
    static Journal append(Path folder) throws IOException {
        return new Journal(FileChannel.open(folder.resolve(NAME), StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    void commit(int prompts, String ids, List<FileState> files) throws IOException {
        append(new Commit(prompts, ids, files));
    }

    private void append(Object line) throws IOException {
        ByteBuffer bytes = StandardCharsets.UTF_8.encode(WRITER.writeValueAsString(line) + "\n");
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * What an earlier extraction left behind, or null if it left nothing that can be gone on with. {@code INVALID_ARGUMENT} if it was
     * begun with another plan.
     */
    static @Nullable Progress read(Path folder, RunPlan plan) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        dropTornLine(file);
        ObjectReader headers = ManifestFile.MAPPER.readerFor(Header.class);
        ObjectReader commits = ManifestFile.MAPPER.readerFor(Commit.class);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            if (line == null) {
                return null;
            }
            Header header = headers.readValue(line);
            if (!header.plan().equals(plan)) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "run '" + plan.run() + "' cannot be resumed with other options: "
                                + header.plan().differences(plan));
            }
            Commit last = null;
            Map<String, List<BatchEntry>> batches = new HashMap<>();
            for (line = lines.readLine(); line != null; line = lines.readLine()) {
                last = commits.readValue(line);
                for (FileState state : last.files()) {
                    batches.computeIfAbsent(state.name(), name -> new ArrayList<>())
                            .addAll(state.batches());
                }
            }
            if (last == null) {
                return null;
            }
            Map<String, FileState> files = new HashMap<>();
            for (FileState state : last.files()) {
                files.put(
                        state.name(),
                        new FileState(
                                state.name(),
                                batches.getOrDefault(state.name(), List.of()),
                                state.stagedFrom(),
                                state.stagedBytes(),
                                state.stagedCrc32c()));
            }
            return new Progress(header.createdAt(), last.prompts(), last.ids(), files);
        } catch (JsonProcessingException e) {
            throw new VitrineException(
                    ErrorCode.BAD_STORE,
                    "run '" + plan.run() + "' cannot be resumed: " + file + " is damaged: " + e.getOriginalMessage(),
                    e);
        }
    }

    /** A line that a kill cut off says nothing, and the next must not be written behind it. */
    private static void dropTornLine(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(end);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
