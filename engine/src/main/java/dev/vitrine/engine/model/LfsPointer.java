package dev.vitrine.engine.model;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What a clone without Git LFS has in place of weights: a few lines of text that say where they are. */
final class LfsPointer {
    private static final byte[] START = "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

    private LfsPointer() {}

    /** {@code BAD_MODEL} with the way out where the file is a pointer. */
    static void refuse(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            if (Arrays.equals(in.readNBytes(START.length), START)) {
                throw new VitrineException(
                        ErrorCode.BAD_MODEL,
                        "file is a Git LFS pointer; expected the weights that it stands for, which 'git lfs pull' in the model's"
                                + " folder fetches (" + file + ")");
            }
        }
    }
}
