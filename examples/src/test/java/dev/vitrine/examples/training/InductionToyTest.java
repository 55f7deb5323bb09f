package dev.vitrine.examples.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.model.TokenizedPrompt;
import dev.vitrine.engine.model.TransformerModel;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the shipped model was trained for, measured through the engine, with the bounds that were set before it was trained. */
class InductionToyTest {
    @Test
    void aHeadOfTheSecondLayerIsAnInductionHead() {
        try (TransformerModel model = TransformerModel.open("induction-toy")) {
            double[][] scores = HeldOutScore.of(model, 20);
            assertThat(scores.length).isEqualTo(2);
            assertThat(best(scores[0])).isLessThan(0.1);
            assertThat(best(scores[1])).isGreaterThanOrEqualTo(0.8);
        }
    }

    @Test
    void oneLayerTrainedTheSameWayHasNone() throws URISyntaxException {
        URL config = Objects.requireNonNull(getClass().getResource("/one-layer-control/config.json"));
        Path folder = Path.of(config.toURI()).resolveSibling("");
        try (TransformerModel model = TransformerModel.open(folder.toString())) {
            double[][] scores = HeldOutScore.of(model, 20);
            assertThat(scores.length).isEqualTo(1);
            assertThat(best(scores[0])).isLessThan(0.1);
        }
    }

    private static double best(double[] heads) {
        return Arrays.stream(heads).max().orElseThrow();
    }

    @Test
    void everyWordOfASentenceIsOneToken() {
        try (TransformerModel model = TransformerModel.open("induction-toy")) {
            TokenizedPrompt prompt = model.tokenizer().encode("The cat sat on the mat, and the giraffe saw.");
            assertThat(prompt.tokens())
                    .containsExactly("the", "cat", "sat", "on", "the", "mat", ",", "and", "the", "<unk>", "saw", ".");
            assertThat(prompt.ids()).containsExactly(2, 56, 96, 15, 2, 58, 101, 4, 2, 1, 98, 100);
        }
    }
}
