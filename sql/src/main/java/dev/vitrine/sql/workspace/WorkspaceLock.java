package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The agreement between processes on one workspace, in {@code workspace.lock}. Byte 0 is held by the one process that may write, to its
 * end; byte 1 by that process while the database file changes, and by others while they copy it. From byte 2 on stands the writer's
 * process id. The system drops the locks of a process that dies.
 */
final class WorkspaceLock implements AutoCloseable {
    private static final long OWNER = 0;
    private static final long CHANGE = 1;
    private static final int PROCESS_ID = 2;
    private static final long PATIENCE_MILLIS = 10_000;

    private final Path file;
    private @Nullable FileChannel channel;

    WorkspaceLock(Path file) {
        this.file = file;
    }

    /** Makes this process the writer; {@code LOCKED} where another is. */
    void own() {
        try {
            FileChannel opened = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = opened.tryLock(OWNER, 1, false);
            if (lock == null) {
                String writer = writer(opened);
                opened.close();
                throw new VitrineException(
                        ErrorCode.LOCKED,
                        "workspace of " + file.getParent() + " is open for writing in process " + writer
                                + "; close it there, or only read here");
            }
            opened.truncate(PROCESS_ID);
            opened.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
                    PROCESS_ID);
            channel = opened;
        } catch (IOException e) {
            throw failure("be locked for writing", e);
        }
    }

    /** Keeps other processes from copying until {@link #changed}; only for the writer. */
    FileLock beginChange() {
        FileChannel owned = channel;
        if (owned == null) {
            throw new IllegalStateException("not the writer");
        }
        try {
            return owned.lock(CHANGE, 1, false);
        } catch (IOException e) {
            throw failure("be locked for a change", e);
        }
    }

    /** Ends what {@link #beginChange} began. */
    void changed(FileLock change) {
        try {
            change.release();
        } catch (IOException e) {
            throw failure("be unlocked after a change", e);
        }
    }

    /** Runs something while no other process changes the database file; false where one did for too long. Closing unlocks. */
    boolean whileUnchanged(Action action) throws IOException {
        if (!Files.exists(file)) {
            action.run();
            return true;
        }
        try (FileChannel reader = FileChannel.open(file, StandardOpenOption.READ)) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < PATIENCE_MILLIS * 1_000_000) {
                FileLock lock = reader.tryLock(CHANGE, 1, true);
                if (lock != null) {
                    action.run();
                    return true;
                }
                Thread.sleep(5);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VitrineException(ErrorCode.CANCELLED, "interrupted while waiting for workspace " + file, e);
        }
    }

    /** Reading that may fail. */
    interface Action {
        void run() throws IOException;
    }

    private static String writer(FileChannel lockFile) throws IOException {
        ByteBuffer id = ByteBuffer.allocate(20);
        lockFile.read(id, PROCESS_ID);
        return new String(id.array(), 0, id.position(), StandardCharsets.US_ASCII);
    }

    private VitrineException failure(String what, IOException e) {
        return new VitrineException(ErrorCode.IO, "workspace cannot " + what + " through " + file + ": " + e, e);
    }

    @Override
    public void close() {
        FileChannel owned = channel;
        channel = null;
        if (owned != null) {
            try {
                owned.close();
            } catch (IOException e) {
                throw failure("be unlocked", e);
            }
        }
    }
}
