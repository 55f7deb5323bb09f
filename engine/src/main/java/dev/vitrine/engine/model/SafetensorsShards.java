package dev.vitrine.engine.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Weights in several safetensors files; an index beside them says which tensor is in which file. */
final class SafetensorsShards implements WeightSource {
    static final String INDEX = "model.safetensors.index.json";

    private final Path index;
    private final Map<String, Safetensors> shardOf = new LinkedHashMap<>();

    private SafetensorsShards(Path index) {
        this.index = index;
    }

    static SafetensorsShards open(Path index) {
        SafetensorsShards source = new SafetensorsShards(index);
        Map<String, Safetensors> shards = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
            String name = entry.getKey();
            String fileName = entry.getValue().asText();
            Path file = index.resolveSibling(fileName);
            if (!entry.getValue().isTextual() || !fileName.equals(String.valueOf(file.getFileName()))) {
                throw bad(
                        "weight_map of tensor '" + name + "' is " + entry.getValue()
                                + "; expected the name of a file beside the index",
                        index);
            }
            if (!Files.exists(file)) {
                throw bad(
                        "shard " + fileName + " of tensor '" + name + "' is missing; expected it in "
                                + file.getParent(),
                        index);
            }
            Safetensors shard = shards.computeIfAbsent(fileName, key -> Safetensors.open(file));
            if (!shard.has(name)) {
                throw bad("tensor '" + name + "' is not in " + fileName + ", where weight_map puts it", index);
            }
            source.shardOf.put(name, shard);
        }
        return source;
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

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOf.keySet());
    }

    @Override
    public boolean has(String name) {
        return shardOf.containsKey(name);
    }

    @Override
    public long[] shape(String name) {
        return shard(name).shape(name);
    }

    @Override
    public FloatBuffer floats(String name) {
        return shard(name).floats(name);
    }

    @Override
    public NDArray array(String name, NDManager manager) {
        return shard(name).array(name, manager);
    }

    @Override
    public String place() {
        return index.toString();
    }

    @Override
    public void close() {
        Set.copyOf(shardOf.values()).forEach(Safetensors::close);
    }

    private Safetensors shard(String name) {
        Safetensors shard = shardOf.get(name);
        if (shard == null) {
            throw new VitrineException(
                    ErrorCode.BAD_MODEL, "no tensor '" + name + "' among the " + shardOf.size() + " of " + index);
        }
        return shard;
    }

    private static VitrineException bad(String what, Path index) {
        return new VitrineException(ErrorCode.BAD_MODEL, what + " (" + index + ")");
    }
}
