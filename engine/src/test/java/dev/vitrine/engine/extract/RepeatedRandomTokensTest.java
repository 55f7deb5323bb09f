package dev.vitrine.engine.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.extract.RepeatedRandomTokens.Kind;
import dev.vitrine.engine.model.TransformerModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepeatedRandomTokensTest {
    private static final long SEP = 3;
    private static final long MASK = 4;
    private static final int TRIALS = 200;

    private static List<Prompt> draw(String model, Kind kind, int length, long seed) {
        List<Prompt> prompts = new ArrayList<>();
        try (TransformerModel opened = TransformerModel.open("src/test/resources/goldens/" + model + "/model")) {
            RepeatedRandomTokens.of(kind, length, TRIALS, seed).forEach(opened, prompts::add);
        }
        assertThat(prompts).hasSize(TRIALS);
        return prompts;
    }

    private static int label(Prompt prompt, String name) {
        return Integer.parseInt(prompt.labels().get(name));
    }

    private static long[] slice(long[] ids, int from, int length) {
        return Arrays.copyOfRange(ids, from, from + length);
    }

    /** The ids with the masked one put back: what stood at that place of the first copy. */
    private static long[] unmasked(Prompt prompt, int source) {
        long[] ids = prompt.tokens().ids().clone();
        int mask = label(prompt, "mask");
        assertThat(ids[mask]).isEqualTo(MASK);
        ids[mask] = ids[source];
        return ids;
    }

    private static void checkBlock(long[] block) {
        assertThat(block).doesNotHaveDuplicates();
        assertThat(Arrays.stream(block)).allMatch(id -> id > MASK);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 17})
    void standardPromptsOfAnEncoder(int length) {
        Set<Integer> masked = new HashSet<>();
        for (Prompt prompt : draw("bert", Kind.STANDARD, length, 1)) {
            int previous = label(prompt, "previous");
            long[] ids = unmasked(prompt, previous);
            assertThat(ids).hasSize(1 + 2 * length).startsWith(SEP);
            checkBlock(slice(ids, 1, length));
            assertThat(slice(ids, 1 + length, length)).isEqualTo(slice(ids, 1, length));
            assertThat(label(prompt, "mask")).isEqualTo(previous + length);
            assertThat(label(prompt, "before")).isEqualTo(previous - 1).isGreaterThanOrEqualTo(1);
            assertThat(label(prompt, "after")).isEqualTo(previous + 1).isLessThanOrEqualTo(length);
            assertThat(prompt.labels()).containsEntry("kind", "standard").containsEntry("period", "" + length);
            assertThat(label(prompt, "start")).isEqualTo(1);
            masked.add(previous);
        }
        assertThat(masked).hasSize(length - 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 17})
    void shuffledPromptsOfAnEncoder(int length) {
        for (Prompt prompt : draw("bert", Kind.SHUFFLED, length, 1)) {
            long[] ids = prompt.tokens().ids();
            int mask = label(prompt, "mask");
            long[] block = slice(ids, 1, length);
            checkBlock(block);
            long[] second = slice(ids, 1 + length, length);
            assertThat(mask).isBetween(length + 2, 2 * length - 1);
            assertThat(ids[mask]).isEqualTo(MASK);
            assertThat(Arrays.stream(second).filter(id -> id != MASK))
                    .hasSize(length - 1)
                    .isSubsetOf(Arrays.stream(block).boxed().toList());
            int left = label(prompt, "left_target");
            int right = label(prompt, "right_target");
            assertThat(left).isBetween(2, length);
            assertThat(right).isBetween(1, length - 1);
            assertThat(ids[left - 1]).isEqualTo(ids[mask - 1]);
            assertThat(ids[right + 1]).isEqualTo(ids[mask + 1]);
        }
    }

    @Test
    void bidirectionalPromptsOfAnEncoder() {
        int length = 5;
        Set<Integer> masked = new HashSet<>();
        for (Prompt prompt : draw("bert", Kind.BIDIRECTIONAL, length, 1)) {
            int previous = label(prompt, "previous");
            long[] ids = unmasked(prompt, previous);
            assertThat(ids).hasSize(1 + 3 * length);
            assertThat(slice(ids, 1 + length, length)).isEqualTo(slice(ids, 1, length));
            assertThat(slice(ids, 1 + 2 * length, length)).isEqualTo(slice(ids, 1, length));
            assertThat(label(prompt, "mask")).isEqualTo(previous + length);
            assertThat(label(prompt, "next")).isEqualTo(previous + 2 * length);
            masked.add(previous);
        }
        assertThat(masked).hasSize(length);
    }

    @Test
    void decodersGetNoMask() {
        for (Prompt prompt : draw("gpt2", Kind.STANDARD, 11, 1)) {
            long[] ids = prompt.tokens().ids();
            assertThat(ids).hasSize(22).doesNotContain(0);
            assertThat(slice(ids, 0, 11)).doesNotHaveDuplicates().isEqualTo(slice(ids, 11, 11));
            assertThat(prompt.labels().keySet()).containsExactly("kind", "trial", "period", "start");
            assertThat(label(prompt, "start")).isZero();
        }
        Prompt begun = draw("llama", Kind.SHUFFLED, 11, 1).get(0);
        assertThat(label(begun, "start")).isEqualTo(1);
        long[] ids = begun.tokens().ids();
        assertThat(begun.tokens().special()[0]).isTrue();
        assertThat(slice(ids, 12, 11))
                .containsExactlyInAnyOrder(slice(ids, 1, 11))
                .isNotEqualTo(slice(ids, 1, 11));
    }

    @Test
    void theSeedDecides() {
        List<Prompt> once = draw("bert", Kind.SHUFFLED, 9, 7);
        List<Prompt> again = draw("bert", Kind.SHUFFLED, 9, 7);
        List<Prompt> other = draw("bert", Kind.SHUFFLED, 9, 8);
        for (int trial = 0; trial < TRIALS; trial++) {
            assertThat(once.get(trial).tokens().ids())
                    .isEqualTo(again.get(trial).tokens().ids());
            assertThat(once.get(trial).labels()).isEqualTo(again.get(trial).labels());
            assertThat(once.get(trial).tokens().ids())
                    .isNotEqualTo(other.get(trial).tokens().ids());
        }
    }

    @Test
    void whatCannotBeDrawnIsNamed() {
        assertThatThrownBy(() -> RepeatedRandomTokens.of(Kind.STANDARD, 2, 1, 0))
                .hasMessage("repeated random tokens: length 2 and trials 1; expected a length of at least 3 and at"
                        + " least 1 trial");
        assertThatThrownBy(() -> draw("bert", Kind.STANDARD, 1000, 0))
                .hasMessage("repeated random tokens: length 1000; model model has only 225 tokens to draw different"
                        + " ones from");
        assertThatThrownBy(() -> draw("gpt2", Kind.BIDIRECTIONAL, 10, 0))
                .hasMessage("bidirectional repeated random tokens need a model that sees what follows; model is a"
                        + " decoder");
    }
}
