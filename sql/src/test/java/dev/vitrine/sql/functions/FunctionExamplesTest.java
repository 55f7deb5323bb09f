package dev.vitrine.sql.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.PromptFile;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.udfs.FunctionCatalog;
import dev.vitrine.udfs.FunctionDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the catalogue shows of a function runs as it stands, on a store with one run of a model with a head. */
class FunctionExamplesTest {
    @TempDir
    private static Path folder;

    @BeforeAll
    static void extract() throws IOException {
        Path prompts = Files.writeString(folder.resolve("prompts.txt"), "the cat sat\nthe cat saw the cat saw\n");
        try (TransformerModel model = TransformerModel.open("../engine/src/test/resources/goldens/gpt2/model")) {
            Extraction.run(model, ExtractionOptions.of(PromptFile.of(prompts), folder.resolve("store")));
        }
    }

    static Collection<FunctionDescription> functions() {
        return FunctionCatalog.load().functions();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void exampleGivesRows(FunctionDescription function) throws SQLException {
        assertThat(function.example()).contains(function.name() + "(");
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + folder.resolve("store"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(function.example())) {
            assertThat(rows.next()).isTrue();
        }
    }
}
