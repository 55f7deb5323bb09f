package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.model.ModelCard;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two models from different places may have one name. */
class ModelNamesTest {
    @Test
    void nameThatTwoModelsShareIsRefused(@TempDir Path store) throws SQLException {
        SyntheticStore.write(store, "one", card("/first/model"), List.of("a b"));
        SyntheticStore.write(store, "two", card("/second/model"), List.of("a b"));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() ->
                            statement.executeQuery("select * from table(project_tokens('model', array[1, 2, 3], 1))"))
                    .isInstanceOf(SQLException.class)
                    .hasMessage("model 'model' is the name of 2 models of this store, those of runs one, two;"
                            + " expected a name that only one has");
            assertThatThrownBy(() -> statement.executeQuery("select * from table(logit_lens('two', 0, 1))"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("/second/model");
        }
    }

    @Test
    void modelWhoseWeightsChangedAnswersNothing(@TempDir Path store) throws SQLException {
        SyntheticStore.write(store, "one", card("builtin:induction-toy", "0123abcd"), List.of("a b"));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() ->
                            statement.executeQuery("select * from table(project_tokens('model', array[1, 2, 3], 1))"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageMatching("the weights in builtin:induction-toy are not those of run 'one': they have"
                            + " checksum [0-9a-f]{8}, the run's had 0123abcd; expected those back, or the run"
                            + " extracted anew");
        }
    }

    private static ModelCard card(String source) {
        return card(source, null);
    }

    private static ModelCard card(String source, @Nullable String weights) {
        ModelCard card = SyntheticStore.card("model", "decoder", 1, 2, 2, 3, 2, 4);
        return new ModelCard(
                card.name(),
                source,
                card.architecture(),
                card.kind(),
                card.layers(),
                card.heads(),
                card.kvHeads(),
                card.dModel(),
                card.dHead(),
                card.dMlp(),
                card.vocabSize(),
                card.maxPositions(),
                card.norms(),
                card.hasHead(),
                card.attention(),
                weights);
    }
}
