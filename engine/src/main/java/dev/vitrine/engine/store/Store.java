package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A folder of runs. A folder under {@code runs} with a manifest is a run; what is still being written has none yet and is not seen.
 * Runs never change, so what was read stays right. Thread-safe.
 *
 * <p>Files are mapped, not read, and a map goes when the garbage collector finds its run unused: {@link #close} therefore only forgets
 * the runs, and a run that is still in use stays readable.
 */
public final class Store implements AutoCloseable {
    private record Known(Object identity, Run run) {}

    private final Path folder;
    private volatile Map<String, Known> known = Map.of();

    private Store(Path folder) {
        this.folder = folder;
    }

    /** Opens a store; {@code NOT_FOUND} if there is none, {@code BAD_STORE} if a manifest is damaged or newer than this reader. */
    public static Store open(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "store " + folder + ": no such folder");
        }
        if (!Files.isDirectory(folder.resolve(RunFolder.RUNS))) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "store " + folder + ": not a store, it has no folder '" + RunFolder.RUNS + "'");
        }
        Store store = new Store(folder);
        store.refresh();
        return store;
    }

    /** Opens a store, making an empty one where there is none. */
    public static Store openOrCreate(Path folder) {
        try {
            Files.createDirectories(folder.resolve(RunFolder.RUNS));
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "store " + folder + " cannot be made: " + e, e);
        }
        return open(folder);
    }

    public Path folder() {
        return folder;
    }

    /** The runs as of opening or the last {@link #refresh}, sorted by name. */
    public List<Run> runs() {
        return known.values().stream().map(Known::run).toList();
    }

    /** A run by name; {@code NOT_FOUND} with the names there are. */
    public Run run(String name) {
        Known found = known.get(name);
        if (found == null) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND, "run '" + name + "' is not in store " + folder + "; it has " + known.keySet());
        }
        return found.run();
    }

    /** Changes when the set of runs does. */
    public long version() {
        long version = 1;
        for (Known each : known.values()) {
            version = 31 * version + Objects.hash(each.run().name(), each.identity());
        }
        return version;
    }

    /** Looks for runs that came or went. */
    public synchronized void refresh() {
        Map<String, Known> before = known;
        Map<String, Known> now = new TreeMap<>();
        for (Path run : folders(folder)) {
            String name = run.getFileName().toString();
            Object identity = identity(run.resolve(ManifestFile.NAME));
            Known old = before.get(name);
            now.put(name, old != null && old.identity().equals(identity) ? old : new Known(identity, Run.open(run)));
        }
        known = Collections.unmodifiableMap(now);
    }

    /** Reads every byte of every run of a store and compares it with the manifests. */
    public static List<RunCheck> check(Path folder) {
        if (!Files.isDirectory(folder.resolve(RunFolder.RUNS))) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "store " + folder + ": no such store");
        }
        return folders(folder).stream().map(RunCheck::of).toList();
    }

    /** The folders that are runs, by name. */
    private static List<Path> folders(Path folder) {
        List<Path> runs = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve(RunFolder.RUNS))) {
            for (Path entry : entries) {
                if (!entry.getFileName().toString().startsWith(".") && Files.exists(entry.resolve(ManifestFile.NAME))) {
                    runs.add(entry);
                }
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "store " + folder + " cannot be listed: " + e, e);
        }
        Collections.sort(runs);
        return runs;
    }

    /** What tells a manifest from another that took its place. */
    private static Object identity(Path manifest) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(manifest, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size());
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, manifest + " cannot be read: " + e, e);
        }
    }

    @Override
    public synchronized void close() {
        known = Map.of();
    }
}
