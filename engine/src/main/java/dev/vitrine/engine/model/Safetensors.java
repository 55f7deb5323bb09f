package dev.vitrine.engine.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Opens safetensors files, one or several with an index beside them that says which tensor is in which. Each tensor is a map of its
 * own, so that a file may be larger than 2 GiB; opening maps addresses and reads only the headers.
 */
final class Safetensors {
    private Safetensors() {}

    static WeightSource open(Path file) {
        return filled(file, (tensors, files) -> tensors.putAll(map(file, files)));
    }

    static WeightSource openShards(Path index) {
        return filled(index, (tensors, files) -> mapShards(index, tensors, files));
    }

    /** A source of what is added to the tensors and files; where that fails the files are closed. */
    private static WeightSource filled(Path place, BiConsumer<Map<String, MappedTensor>, List<WeightFile>> adding) {
        Map<String, MappedTensor> tensors = new LinkedHashMap<>();
        List<WeightFile> files = new ArrayList<>();
        WeightSource source = new WeightSource(tensors, files, place);
        try {
            adding.accept(tensors, files);
            return source;
        } catch (VitrineException e) {
            source.close();
            throw e;
        }
    }

    private static void mapShards(Path index, Map<String, MappedTensor> tensors, List<WeightFile> files) {
        Map<String, Map<String, MappedTensor>> shards = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
            String name = entry.getKey();
            String fileName = entry.getValue().asText();
            Path shard = index.resolveSibling(fileName);
            if (!entry.getValue().isTextual() || !fileName.equals(String.valueOf(shard.getFileName()))) {
                throw bad(
                        "weight_map of tensor '" + name + "' is " + entry.getValue()
                                + "; expected the name of a file beside the index",
                        index);
            }
            if (!Files.isRegularFile(shard)) {
                throw bad("no file " + fileName + " beside the index; expected tensor '" + name + "' in it", index);
            }
            MappedTensor tensor =
                    shards.computeIfAbsent(fileName, key -> map(shard, files)).get(name);
            if (tensor == null) {
                throw bad("no tensor '" + name + "' in " + fileName + ", where weight_map puts it", index);
            }
            tensors.put(name, tensor);
        }
    }

    private static Map<String, MappedTensor> map(Path file, List<WeightFile> files) {
        Map<String, MappedTensor> tensors = new LinkedHashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            LfsPointer.refuse(file);
            SafetensorsHeader header = SafetensorsHeader.read(channel, file);
            WeightFile rows = new WeightFile(file);
            files.add(rows);
            for (TensorEntry entry : header.tensors()) {
                ByteBuffer bytes = entry.bytes() > Integer.MAX_VALUE
                        ? null
                        : channel.map(FileChannel.MapMode.READ_ONLY, header.dataStart() + entry.begin(), entry.bytes());
                tensors.put(
                        entry.name(),
                        new MappedTensor(
                                entry.name(),
                                entry.dtype(),
                                entry.shape(),
                                false,
                                bytes,
                                file,
                                rows,
                                header.dataStart() + entry.begin()));
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + file + ": " + e, e);
        }
        return tensors;
    }

    private static JsonNode weightMap(Path index) {
        try {
            JsonNode map = new JsonMapper().readTree(Files.readAllBytes(index)).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw bad(
                        "weight_map is " + (map.isMissingNode() ? "missing" : map)
                                + "; expected tensor names with their files",
                        index);
            }
            return map;
        } catch (JsonProcessingException e) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL, "not JSON: " + e.getOriginalMessage() + " (" + index + ")", e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "cannot read " + index + ": " + e, e);
        }
    }

    private static VitrineException bad(String what, Path index) {
        return new VitrineException(ErrorCode.BAD_MODEL, what + " (" + index + ")");
    }
}
