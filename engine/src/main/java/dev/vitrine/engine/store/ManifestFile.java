package dev.vitrine.engine.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Reads and writes {@code manifest.json}. Its last property is the CRC32C of all bytes before that property. */
final class ManifestFile {
    static final String NAME = "manifest.json";
    /** What this reader knows of beyond the format's version. */
    private static final List<String> FEATURES = List.of(RunContents.STATISTICS);

    private static final String CHECKSUM = ",\n  \"manifest_crc32c\" : \"";
    private static final String END = "\"\n}\n";

    /** The JSON of a store. */
    static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule().addSerializer(new LowerCase()))
            .build();

    private ManifestFile() {}

    static void write(Path folder, RunManifest manifest) throws IOException {
        String json = MAPPER.writeValueAsString(manifest);
        String body = json.substring(0, json.lastIndexOf('}')).stripTrailing();
        String text = body + CHECKSUM + checksum(body.getBytes(StandardCharsets.UTF_8)) + END;
        try (FileChannel channel = FileChannel.open(
                folder.resolve(NAME),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** {@code BAD_STORE} if it is damaged or newer than this reader. */
    static RunManifest read(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            byte[] bytes = Files.readAllBytes(file);
            JsonNode tree = MAPPER.readTree(bytes);
            checkVersion(file, tree);
            checkChecksum(file, bytes);
            if (tree.get("model") instanceof ObjectNode model && !model.has("weights")) {
                model.putNull("weights");
            }
            RunManifest manifest = MAPPER.treeToValue(tree, RunManifest.class);
            checkCounts(file, manifest);
            return manifest;
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new VitrineException(
                    ErrorCode.BAD_STORE, file + place + ": not a manifest: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, file + " cannot be read: " + e, e);
        }
    }

    private static void checkVersion(Path file, JsonNode tree) {
        JsonNode major = tree.path("format_major");
        JsonNode minor = tree.path("format_minor");
        if (!major.isInt() || !minor.isInt()) {
            throw bad(file, "has no format_major and format_minor: not a manifest of Vitrine");
        }
        if (major.intValue() > RunManifest.FORMAT_MAJOR) {
            throw bad(
                    file,
                    "is of format " + major.intValue() + "." + minor.intValue() + ", this Vitrine reads formats up to "
                            + RunManifest.FORMAT_MAJOR + ".x: use a Vitrine that reads format " + major.intValue());
        }
        List<String> unknown = new ArrayList<>();
        for (JsonNode feature : tree.path("required_features")) {
            if (!FEATURES.contains(feature.asText())) {
                unknown.add(feature.asText());
            }
        }
        if (!unknown.isEmpty()) {
            throw bad(
                    file,
                    "needs " + unknown + ", which this Vitrine does not know: use one that reads format "
                            + major.intValue() + "." + minor.intValue());
        }
    }

    private static void checkChecksum(Path file, byte[] bytes) {
        // Latin-1 keeps byte offsets and char offsets the same.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int at = text.lastIndexOf(CHECKSUM);
        if (at < 0) {
            throw bad(file, "has no manifest_crc32c at its end: it was edited or cut off");
        }
        String expected = CHECKSUM + checksum(Arrays.copyOf(bytes, at)) + END;
        if (!text.substring(at).equals(expected)) {
            throw bad(file, "does not match its checksum: it was edited or damaged");
        }
    }

    private static void checkCounts(Path file, RunManifest manifest) {
        var model = manifest.model();
        if (manifest.prompts() < 0
                || manifest.tokens() < 0
                || model.heads() <= 0
                || model.kvHeads() <= 0
                || model.dHead() <= 0
                || model.dModel() <= 0
                || model.dMlp() <= 0) {
            throw bad(file, "has a negative count or a model without heads or width");
        }
    }

    private static String checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return BatchFile.hex(crc);
    }

    private static VitrineException bad(Path file, String what) {
        return new VitrineException(ErrorCode.BAD_STORE, file + " " + what);
    }

    /** Enumerations are written as users write them: hooks by their labels. */
    private static final class LowerCase extends StdSerializer<Enum<?>> {
        LowerCase() {
            super(Enum.class, false);
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            generator.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }
}
