package dev.vitrine.engine.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** A file of weights, to read at any place from any thread. A thread that is interrupted does not close it, as it would a channel. */
final class WeightFile implements Closeable {
    private final RandomAccessFile file;

    WeightFile(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    /** Fills the array with the bytes from a place on. */
    synchronized void read(long from, byte[] into) throws IOException {
        file.seek(from);
        file.readFully(into);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
