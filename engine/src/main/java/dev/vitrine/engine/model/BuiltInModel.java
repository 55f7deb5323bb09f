package dev.vitrine.engine.model;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * A model that comes on the class path. Weights can be mapped only from a file of their own, so it is unpacked once to a cache folder.
 *
 * @param name what users write
 * @param resources class-path resources by the name that they get in the folder
 */
record BuiltInModel(String name, Map<String, String> resources) {
    private static final String OURS = "/dev/vitrine/models/";

    /**
     * minilm is all-MiniLM-L6-v2, a trained sentence encoder, as the langchain4j artifact carries it; induction-toy a decoder of two
     * layers that has learnt to continue repeated random tokens.
     */
    static final List<BuiltInModel> ALL = List.of(
            new BuiltInModel(
                    "minilm",
                    Map.of(
                            "config.json", OURS + "minilm/config.json",
                            "model.onnx", "/all-minilm-l6-v2.onnx",
                            "tokenizer.json", "/all-minilm-l6-v2-tokenizer.json")),
            new BuiltInModel(
                    "induction-toy",
                    Map.of(
                            "config.json", OURS + "induction-toy/config.json",
                            "model.safetensors", OURS + "induction-toy/model.safetensors",
                            "tokenizer.json", OURS + "induction-toy/tokenizer.json")));

    BuiltInModel {
        resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    }

    /** All names, for messages. */
    static String names() {
        return ALL.stream().map(BuiltInModel::name).collect(Collectors.joining(", "));
    }

    /** {@code VITRINE_CACHE}, or {@code .cache/vitrine} at home. */
    static Path cache() {
        String chosen = System.getenv("VITRINE_CACHE");
        return chosen == null || chosen.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache", "vitrine")
                : Path.of(chosen).toAbsolutePath();
    }

    /**
     * The model's folder in the cache. Its name carries a checksum of the contents, so another version of a model gets another folder;
     * it appears whole or not at all, whichever process unpacks it.
     */
    Path unpack(Path cache) {
        try {
            Path folder = cache.resolve(name + "-" + checksum());
            if (complete(folder)) {
                return folder;
            }
            Files.createDirectories(cache);
            synchronized (BuiltInModel.class) {
                try (FileChannel channel = FileChannel.open(
                                cache.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    if (lock.isValid() && !complete(folder)) {
                        Path part = cache.resolve(folder.getFileName() + ".part");
                        delete(part);
                        delete(folder);
                        Files.createDirectory(part);
                        for (String file : resources.keySet()) {
                            copy(file, part.resolve(file));
                        }
                        Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            }
            return folder;
        } catch (IOException e) {
            throw new VitrineException(
                    ErrorCode.IO,
                    "cannot unpack model " + name + " to " + cache + ": " + e
                            + "; the environment variable VITRINE_CACHE names another folder",
                    e);
        }
    }

    private boolean complete(Path folder) {
        for (String file : resources.keySet()) {
            if (!Files.isRegularFile(folder.resolve(file))) {
                return false;
            }
        }
        return true;
    }

    private void copy(String file, Path target) throws IOException {
        try (InputStream in = connection(file).getInputStream()) {
            Files.copy(in, target);
        }
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private String checksum() throws IOException {
        CRC32 all = new CRC32();
        for (String file : resources.keySet()) {
            all.update(Long.toHexString(checksum(connection(file))).getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().toHexDigits((int) all.getValue());
    }

    /** A jar has the checksum of its entries in its directory: the 90 MB need not be read for it. */
    private static long checksum(URLConnection connection) throws IOException {
        if (connection instanceof JarURLConnection jar) {
            return jar.getJarEntry().getCrc();
        }
        try (CheckedInputStream in = new CheckedInputStream(connection.getInputStream(), new CRC32())) {
            in.transferTo(OutputStream.nullOutputStream());
            return in.getChecksum().getValue();
        }
    }

    private URLConnection connection(String file) throws IOException {
        String resource = resources.get(file);
        URL url = resource == null ? null : BuiltInModel.class.getResource(resource);
        if (url == null) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND, "model " + name + " is not on the class path: no resource " + resource);
        }
        return url.openConnection();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }
}
