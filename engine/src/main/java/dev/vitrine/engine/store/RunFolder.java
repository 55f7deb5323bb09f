package dev.vitrine.engine.store;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The folder in which a run grows, {@code runs/.NAME.tmp}, locked against a second writer, and its way to {@code runs/NAME}. */
final class RunFolder implements Closeable {
    static final String RUNS = "runs";
    private static final String LOCK = "lock";

    private final Path runs;
    private final String run;
    private final FileChannel lock;

    private RunFolder(Path runs, String run, FileChannel lock) {
        this.runs = runs;
        this.run = run;
        this.lock = lock;
    }

    /** Makes the folder, or takes over what an extraction that was killed has left. */
    static RunFolder create(Path store, String run) throws IOException {
        Path runs = store.resolve(RUNS);
        Files.createDirectories(runs);
        if (Files.exists(runs.resolve(run))) {
            throw taken(store, run);
        }
        Path temporary = runs.resolve("." + run + ".tmp");
        Files.createDirectories(temporary);
        FileChannel lock =
                FileChannel.open(temporary.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!locked(lock)) {
            lock.close();
            throw new VitrineException(
                    ErrorCode.LOCKED, "run '" + run + "' is being written by another extraction, in " + temporary);
        }
        if (Files.exists(runs.resolve(run))) {
            // Another extraction of that name ended between the look above and the lock.
            Files.deleteIfExists(temporary.resolve(LOCK));
            Files.delete(temporary);
            lock.close();
            throw taken(store, run);
        }
        return new RunFolder(runs, run, lock);
    }

    private static VitrineException taken(Path store, String run) {
        return new VitrineException(
                ErrorCode.ALREADY_EXISTS, "run '" + run + "' is already in store " + store + ": choose another name");
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path temporary() {
        return runs.resolve("." + run + ".tmp");
    }

    /** Makes the folder a run: all but the manifest is durable already. */
    void publish(RunManifest manifest) throws IOException {
        delete(temporary(), "*" + TensorFile.STAGING);
        ManifestFile.write(temporary(), manifest);
        force(temporary());
        // The lock goes along: until the rename is durable nobody else may begin in the temporary folder.
        Files.move(temporary(), runs.resolve(run), StandardCopyOption.ATOMIC_MOVE);
        force(runs);
        delete(runs.resolve(run), "{" + LOCK + "," + Journal.NAME + "}");
    }

    /** Removes what was written. */
    void remove() throws IOException {
        clear();
        Files.delete(temporary().resolve(LOCK));
        Files.delete(temporary());
    }

    /** Removes everything but the lock. */
    void clear() throws IOException {
        delete(temporary(), "{*.*," + Journal.NAME + "}");
    }

    private static void delete(Path folder, String names) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    /** Makes names in a folder durable; Windows has no such call and needs none. */
    private static void force(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
