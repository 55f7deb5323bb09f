package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.model.ModelCard;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
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

    private static ModelCard card(String source) {
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
                card.attention());
    }
}
