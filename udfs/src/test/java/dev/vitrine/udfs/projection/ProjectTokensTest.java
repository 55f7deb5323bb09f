package dev.vitrine.udfs.projection;

import static dev.vitrine.udfs.Misuse.assertInvalidArgument;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.model.WeightMatrix;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import dev.vitrine.udfs.FunctionContext;
import dev.vitrine.udfs.GoldenModels;
import dev.vitrine.udfs.GoldenTensors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectTokensTest {
    /** Neurons' output rows; scores reach 5, so 1e-4 is the tolerance of the goldens, and closer neighbours may swap. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "gpt2"})
    void outputRowsPromoteTheReferenceTokens(String family) {
        GoldenTensors goldens = GoldenTensors.of(family);
        float[] scores = goldens.values("w.ffvalue.scores.l0");
        long[] tokens = goldens.ids("w.ffvalue.tokens.l0");
        try (TransformerModel model = GoldenModels.open(family)) {
            WeightMatrix out = model.weights().stream()
                    .filter(weight -> weight.matrix().equals("W_out") && weight.layer() == 0)
                    .findFirst()
                    .orElseThrow();
            float[] vector = new float[out.columns()];
            for (int neuron = 0; neuron < out.rows(); neuron++) {
                out.row(neuron, vector);
                List<Object[]> rows = project(model, vector, 10);
                for (int i = 0; i < 10; i++) {
                    Object[] row = rows.get(i);
                    int at = neuron * 10 + i;
                    assertThat(row[0]).isEqualTo(i + 1);
                    assertThat((float) row[3]).isCloseTo(scores[at], within(1e-4f));
                    boolean apart = (i == 0 || scores[at - 1] - scores[at] > 1e-5)
                            && (i == 9 || scores[at] - scores[at + 1] > 1e-5);
                    if (apart) {
                        assertThat((int) row[1]).isEqualTo((int) tokens[at]);
                    }
                    assertThat(row[2]).isEqualTo(model.tokenizer().token((int) row[1]));
                }
            }
        }
    }

    @Test
    void wholeVocabularyComesInDescendingOrder() {
        try (TransformerModel model = GoldenModels.open("gpt2")) {
            float[] vector = new float[model.card().dModel()];
            vector[3] = 1;
            List<Object[]> rows = project(model, vector, model.card().vocabSize());
            assertThat(rows).extracting(row -> row[1]).doesNotHaveDuplicates();
            for (int i = 1; i < rows.size(); i++) {
                assertThat((float) rows.get(i)[3]).isLessThanOrEqualTo((float) rows.get(i - 1)[3]);
            }
        }
    }

    @Test
    void wrongArgumentsAreNamed() {
        try (TransformerModel model = GoldenModels.open("gpt2")) {
            float[] vector = new float[model.card().dModel()];
            assertInvalidArgument(
                    () -> project(model, vector, 0),
                    "project_tokens: k is 0; expected 1 to 290, the vocabulary of model model");
            assertInvalidArgument(
                    () -> project(model, vector, 291),
                    "project_tokens: k is 291; expected 1 to 290, the vocabulary of model model");
            assertInvalidArgument(
                    () -> project(model, new float[5], 1),
                    "project_tokens: vector has 5 values; expected 9, what the unembedding matrix takes (model model)");
            vector[2] = Float.NaN;
            assertInvalidArgument(
                    () -> project(model, vector, 1),
                    "project_tokens: element 2 of the vector is NaN; expected finite numbers");
        }
    }

    private static List<Object[]> project(TransformerModel model, float[] vector, int k) {
        List<Object[]> rows = new ArrayList<>();
        ProjectTokens.rows(new ModelContext(model), "any", vector, k).forEach(rows::add);
        return rows;
    }

    private record ModelContext(TransformerModel model) implements FunctionContext {
        @Override
        public Store store() {
            throw new AssertionError("project_tokens reads no run");
        }

        @Override
        public TransformerModel model(Run run) {
            return model;
        }

        @Override
        public TransformerModel model(String name) {
            return model;
        }

        @Override
        public void checkActive() {}
    }
}
