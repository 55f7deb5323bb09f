package dev.vitrine.engine.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * What of the goldens is packed, unpacked below target: many folders of small files as a gzipped archive, which has their common names
 * once, and references.
 */
final class PackedGoldens {
    /** Has {@code variants} and {@code tokenizers}. */
    static final Path FOLDER = unpack("variants", "tokenizers");

    private PackedGoldens() {}

    private static Path unpack(String... archives) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "goldens");
            for (String archive : archives) {
                unpack(Golden.ROOT.resolve(archive + ".zip.gz"), folder.resolve(archive));
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unpack(Path archive, Path folder) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(open(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.resolveSibling(""));
                Files.copy(zip, file);
            }
        }
    }

    /** A copy of a gzipped file, unpacked. */
    static Path unpacked(Path packed) throws IOException {
        Path file = Files.createTempFile(FOLDER, "reference", ".safetensors");
        try (InputStream content = open(packed)) {
            Files.write(file, content.readAllBytes());
        }
        return file;
    }

    private static InputStream open(Path packed) throws IOException {
        return new GZIPInputStream(Files.newInputStream(packed));
    }
}
