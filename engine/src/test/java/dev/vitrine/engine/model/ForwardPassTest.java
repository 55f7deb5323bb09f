package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A forward pass leaves nothing behind, and computes nothing that nobody wants. */
class ForwardPassTest {
    private static final int PROMPTS = 200;

    /** As many tokens as the smallest of the models has. */
    private static final int VOCABULARY = 37;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "gemma2", "gpt-neox"})
    void manyPromptsLeaveNoHandlesBehind(String golden) throws IOException {
        try (Network network = Network.open(golden, Golden.of(golden).model())) {
            network.forward(ids(0, 64), new Discarding());
            int handles = network.handles();
            for (int prompt = 1; prompt < PROMPTS; prompt++) {
                network.forward(ids(prompt, 64), new Discarding());
            }
            assertThat(network.handles()).isEqualTo(handles);
        }
    }

    /** 8 heads over 256 tokens are 2 MB of attention per layer: kept by mistake, they would be 720 MB in the end. The rest is the heap. */
    @Test
    void nativeMemoryIsFlatAfterTheFirstTenth() throws IOException {
        Path model = RandomGpt2.write(folder, 2, 8, 32, 256);
        try (Network network = Network.open("random", model)) {
            long resident = 0;
            for (int prompt = 0; prompt < PROMPTS; prompt++) {
                network.forward(ids(prompt, 256), new Discarding());
                if (prompt == PROMPTS / 10) {
                    resident = residentBytes();
                }
            }
            assertThat(residentBytes() - resident).isLessThan(250L << 20);
        }
    }

    private static long[] ids(int prompt) {
        return ids(prompt, 64);
    }

    private static long[] ids(int prompt, int length) {
        long[] ids = new long[length];
        for (int i = 0; i < length; i++) {
            ids[i] = (prompt * 29L + i * 7L) % VOCABULARY;
        }
        return ids;
    }

    /** The memory of this process that is in use; 0 where the system does not say. */
    private static long residentBytes() throws IOException {
        Path statistics = Path.of("/proc/self/status");
        if (!Files.exists(statistics)) {
            return 0;
        }
        String line = Files.readAllLines(statistics).stream()
                .filter(each -> each.startsWith("VmRSS:"))
                .findFirst()
                .orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    }

    @Test
    void whatASinkAttachesElsewhereOutlivesPassAndModel() throws IOException {
        try (NDManager mine = NDManager.newBaseManager()) {
            List<NDArray> kept = new ArrayList<>();
            List<float[]> copies = new ArrayList<>();
            try (Network network = Network.open("llama", Golden.of("llama").model())) {
                network.forward(ids(1), new ActivationSink() {
                    @Override
                    public boolean wants(HookPoint hook, int layer) {
                        return true;
                    }

                    @Override
                    public void accept(HookPoint hook, int layer, NDArray activation) {
                        copies.add(activation.toFloatArray());
                        activation.attach(mine);
                        kept.add(activation);
                    }
                });
                network.forward(ids(2), new Discarding());
            }
            assertThat(mine.getManagedArrays()).hasSize(2 * 10 + 2);
            for (int i = 0; i < kept.size(); i++) {
                assertThat(kept.get(i).toFloatArray()).isEqualTo(copies.get(i));
            }
        }
    }

    @Test
    void aSinkMayCloseWhatItIsGiven() throws IOException {
        try (Network network = Network.open("phi", Golden.of("phi").model())) {
            float[] expected = KeptActivations.all(network, ids(1)).get(HookPoint.LOGITS, 0);
            List<float[]> logits = new ArrayList<>();
            network.forward(ids(1), new ActivationSink() {
                @Override
                public boolean wants(HookPoint hook, int layer) {
                    return true;
                }

                @Override
                public void accept(HookPoint hook, int layer, NDArray activation) {
                    if (hook == HookPoint.LOGITS) {
                        logits.add(activation.toFloatArray());
                    }
                    activation.close();
                }
            });
            assertThat(logits).hasSize(1);
            assertThat(logits.get(0)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2", "gemma2", "gpt-neox"})
    void anyHookAloneIsTheSameAsAmongAll(String folder) throws IOException {
        try (Network network = Network.open(folder, Golden.of(folder).model())) {
            KeptActivations all = KeptActivations.all(network, ids(3));
            for (HookPoint hook : HookPoint.values()) {
                for (int layer = 0; layer < (hook.perLayer() ? 2 : 1); layer++) {
                    KeptActivations one = KeptActivations.of(network, EnumSet.of(hook), Set.of(layer), ids(3));
                    if (all.names().contains(hook + " " + layer)) {
                        assertThat(one.names()).containsExactly(hook + " " + layer);
                        assertThat(one.get(hook, layer))
                                .as("%s of layer %d", hook, layer)
                                .isEqualTo(all.get(hook, layer));
                    } else {
                        assertThat(one.names()).isEmpty();
                    }
                }
            }
        }
    }

    /**
     * 300 tokens come in three parts per head, 256 in one for all. In a causal model the first 256 positions do not depend on the rest; up
     * to rounding, as matrices of another size are multiplied in another order.
     */
    @Test
    void attentionOfALongPromptComesInPartsAndIsMixedFromAll() throws IOException {
        try (Network network = Network.open("random", RandomGpt2.write(folder, 2, 3, 24, 300))) {
            Parts all = new Parts();
            Parts first = new Parts();
            network.forward(ids(0, 300), all);
            network.forward(ids(0, 256), first);
            List<Shape> head = List.of(new Shape(1, 128, 128), new Shape(1, 128, 256), new Shape(1, 44, 300));
            assertThat(all.shapes)
                    .isEqualTo(Stream.of(head, head, head).flatMap(List::stream).toList());
            assertThat(first.shapes).containsExactly(new Shape(3, 256, 256));
            for (int i = 0; i < first.last.length; i++) {
                assertThat(all.last[i]).isCloseTo(first.last[i], within(1e-5f * (1 + Math.abs(first.last[i]))));
            }
        }
    }

    /** Notes the shapes that attention of layer 0 comes in, and keeps the last hidden state. */
    private static final class Parts implements ActivationSink {
        private final List<Shape> shapes = new ArrayList<>();
        private float[] last = {};

        @Override
        public boolean wants(HookPoint hook, int layer) {
            return layer == 0 && (hook == HookPoint.ATTENTION || hook == HookPoint.FINAL);
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            if (hook == HookPoint.FINAL) {
                last = activation.toFloatArray();
            } else {
                shapes.add(activation.getShape());
            }
        }
    }

    @Test
    void severalThreadsMayRunPromptsAtOnce() throws IOException {
        try (Network network = Network.open("qwen3", Golden.of("qwen3").model())) {
            List<float[]> alone = IntStream.range(0, 16)
                    .mapToObj(
                            prompt -> KeptActivations.all(network, ids(prompt)).get(HookPoint.LOGITS, 0))
                    .toList();
            List<float[]> together = IntStream.range(0, 16)
                    .parallel()
                    .mapToObj(
                            prompt -> KeptActivations.all(network, ids(prompt)).get(HookPoint.LOGITS, 0))
                    .toList();
            assertThat(together).usingElementComparator(Arrays::compare).isEqualTo(alone);
        }
    }

    private static final class Discarding implements ActivationSink {
        @Override
        public boolean wants(HookPoint hook, int layer) {
            return true;
        }

        @Override
        public void accept(HookPoint hook, int layer, NDArray activation) {
            // Wanting everything is enough to have it made.
        }
    }
}
