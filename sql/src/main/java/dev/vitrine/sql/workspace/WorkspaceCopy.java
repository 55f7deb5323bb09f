package dev.vitrine.sql.workspace;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;

/**
 * What a process that does not write reads: a private copy of the database file, because H2 lets only one process open it. A copy is
 * taken again once the original has changed.
 */
final class WorkspaceCopy implements AutoCloseable {
    private final FileTime modified;
    private final long bytes;
    private final Path folder;
    private final H2File database;

    private WorkspaceCopy(FileTime modified, long bytes, Path folder, H2File database) {
        this.modified = modified;
        this.bytes = bytes;
        this.folder = folder;
        this.database = database;
    }

    /** Copies the file as it is between two changes; {@code LOCKED} where a change takes too long to wait for. */
    static WorkspaceCopy of(Path original, WorkspaceLock lock) throws IOException {
        // Not the copy's time, of which a file system may keep fewer digits: the copy would never be of its original.
        FileTime modified = Files.getLastModifiedTime(original);
        long bytes = Files.size(original);
        Path folder = Files.createTempDirectory("vitrine-workspace");
        WorkspaceCopy copy = null;
        try {
            Path file = folder.resolve(original.getFileName());
            boolean copied = lock.whileUnchanged(() -> Files.copy(original, file, StandardCopyOption.COPY_ATTRIBUTES));
            if (!copied) {
                throw new VitrineException(
                        ErrorCode.LOCKED,
                        "workspace " + original + " is being written by another process; try again later");
            }
            copy = new WorkspaceCopy(modified, bytes, folder, H2File.open(file, original));
            return copy;
        } finally {
            if (copy == null) {
                delete(folder);
            }
        }
    }

    /** Whether the original is still as it was when copied. */
    boolean isOf(Path original) throws IOException {
        return Files.size(original) == bytes
                && Files.getLastModifiedTime(original).equals(modified);
    }

    Connection connect() {
        return database.connect();
    }

    @Override
    public void close() {
        database.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "temporary copy " + folder + " cannot be deleted: " + e, e);
        }
    }
}
