package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A golden folder: a model, prompts, and what the reference implementation computes for some of their activations. */
record Golden(Path folder) {
    static final Path ROOT = Path.of("src/test/resources/goldens");

    /** Where models to compare are, of which {@code -Dvitrine.goldens=FOLDER} names others. */
    static final Path COMPARED = Path.of(System.getProperty("vitrine.goldens", ROOT.toString()));

    /** A folder that comes with the tests. */
    static Golden of(String name) {
        Path unpacked = PackedGoldens.FOLDER.resolve(name);
        return new Golden(Files.exists(unpacked) ? unpacked : ROOT.resolve(name));
    }

    /** The folders that have a reference: those that come with the tests, or those of {@code -Dvitrine.goldens}. */
    static List<Golden> compared() throws IOException {
        return COMPARED.equals(ROOT) ? own() : below(COMPARED);
    }

    /** Those that come with the tests. */
    static List<Golden> own() throws IOException {
        List<Golden> own = new ArrayList<>(below(ROOT));
        own.addAll(below(PackedGoldens.FOLDER));
        assertThat(own).hasSizeGreaterThan(21 + 28);
        return own;
    }

    private static List<Golden> below(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root, 3)) {
            return files.filter(file -> file.getFileName().toString().startsWith("reference.safetensors"))
                    .map(file -> new Golden(file.resolveSibling("")))
                    .sorted(Comparator.comparing(Golden::folder))
                    .toList();
        }
    }

    /** As {@link #of} takes it. */
    String name() {
        Path root = folder.startsWith(PackedGoldens.FOLDER) ? PackedGoldens.FOLDER : ROOT;
        return root.relativize(folder).toString();
    }

    /** The file of activations, unpacked where it is packed. */
    Path reference() throws IOException {
        Path packed = folder.resolve("reference.safetensors.gz");
        return Files.exists(packed) ? PackedGoldens.unpacked(packed) : folder.resolve("reference.safetensors");
    }

    Path model() {
        return folder.resolve("model");
    }

    List<long[]> prompts() throws IOException {
        List<long[]> prompts = new ArrayList<>();
        for (JsonNode prompt :
                new JsonMapper().readTree(folder.resolve("prompts.json").toFile())) {
            long[] ids = new long[prompt.get("ids").size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = prompt.get("ids").get(i).longValue();
            }
            prompts.add(ids);
        }
        return prompts;
    }

    long[] longestPrompt() throws IOException {
        List<long[]> prompts = prompts();
        return prompts.get(prompts.size() - 1);
    }

    /** Compares every activation of every prompt; gives the largest error as a share of what is allowed. */
    double compare(Network network) throws IOException {
        return compare(batch -> batch.forEach(prompt -> network.forward(List.of(prompt))), 1);
    }

    /** The same with attention computed and given one head after the other, and of a causal one so many queries at a time. */
    double compareInParts(Network network, int queries) throws IOException {
        return compare(batch -> batch.forEach(prompt -> network.forward(List.of(prompt), queries)), 1);
    }

    /** The same with all prompts in one pass, each of them twice. */
    double comparePacked(Network network) throws IOException {
        return compare(network::forward, 2);
    }

    private double compare(Consumer<List<BatchedPrompt>> run, int copies) throws IOException {
        try (WeightSource reference = Safetensors.open(reference())) {
            List<long[]> prompts = prompts();
            List<Comparison> comparisons = new ArrayList<>();
            List<BatchedPrompt> batch = new ArrayList<>();
            for (int copy = 0; copy < copies; copy++) {
                for (int prompt = 0; prompt < prompts.size(); prompt++) {
                    Comparison comparison =
                            new Comparison(folder.getFileName() + ": ", reference, prompt, prompts.get(prompt).length);
                    comparisons.add(comparison);
                    batch.add(new BatchedPrompt(prompts.get(prompt), comparison));
                }
            }
            run.accept(batch);
            long compared = 0;
            for (Comparison comparison : comparisons) {
                for (Map.Entry<String, Integer> given : comparison.given.entrySet()) {
                    if (reference.has(given.getKey())) {
                        assertThat(given.getValue())
                                .as("numbers of " + given.getKey())
                                .isEqualTo(reference.floats(given.getKey()).remaining());
                        compared++;
                    }
                }
            }
            assertThat(compared)
                    .as("activations compared")
                    .isEqualTo((long) copies * reference.names().size());
            return comparisons.stream().mapToDouble(each -> each.worst).max().orElseThrow();
        }
    }

    /** A sink that wants everything and compares at once what the reference has. */
    private static final class Comparison implements ActivationSink {
        private final String place;
        private final WeightSource reference;
        /** How many numbers of each activation were given. */
        private final Map<String, Integer> given = new HashMap<>();

        private final int prompt;
        private final int tokens;
        private double worst;

        private Comparison(String place, WeightSource reference, int prompt, int tokens) {
            this.place = place;
            this.reference = reference;
            this.prompt = prompt;
            this.tokens = tokens;
        }

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return true;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            String at = "p" + prompt + (hook.perLayer() ? ".l" + layer : "") + "." + name(hook);
            boolean attention = hook == HookPoint.ATTENTION;
            float[] actual = attention ? KeptActivations.wholeRows(activation, tokens) : activation.toFloatArray();
            int before = given.merge(at, actual.length, Integer::sum) - actual.length;
            assertThat(before == 0 || attention).as(at + " given once").isTrue();
            if (!reference.has(at)) {
                return;
            }
            long[] shape = reference.shape(at);
            long[] given = activation.getShape().getShape();
            if (attention && !Arrays.equals(given, shape)) {
                long first = before / tokens % tokens;
                assertThat(given).as(at).isEqualTo(new long[] {1, given[1], first + given[1]});
            } else {
                assertThat(given).as(at).isEqualTo(shape);
            }
            FloatBuffer expected = reference.floats(at).slice(before, actual.length);
            for (int i = 0; i < actual.length; i++) {
                double allowed = attention ? 2e-5 : 1e-4 + 1e-5 * Math.abs(expected.get(i));
                double error = Math.abs((double) actual[i] - expected.get(i));
                // Negated, so that a NaN fails.
                if (!(error <= allowed)) {
                    throw new AssertionError(
                            place + at + "[" + i + "] is " + actual[i] + "; expected " + expected.get(i));
                }
                if (attention && expected.get(i) == 0 && actual[i] != 0) {
                    throw new AssertionError(place + at + "[" + i + "] is " + actual[i] + "; expected exactly 0");
                }
                worst = Math.max(worst, error / allowed);
            }
        }

        private static String name(HookPoint hook) {
            return hook.name().toLowerCase(Locale.ROOT);
        }
    }
}
