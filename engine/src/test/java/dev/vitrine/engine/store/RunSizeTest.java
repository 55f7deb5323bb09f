package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.model.ModelCard;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run is said to become is what it becomes. */
class RunSizeTest {
    @TempDir
    private Path store;

    @ParameterizedTest
    @CsvSource({"decoder, 1", "decoder, 37", "encoder, 64"})
    void rowsAreExactAndBytesAreThoseOfTheFileButForItsHeaders(String kind, int tokens) {
        ModelCard model = SyntheticRun.card(kind, 3, 4, 2, 24, 7, 31);
        SyntheticRun.write(store, SyntheticRun.plan("run", model), tokens);
        List<TableSize> sizes = RunPlan.everything("run", model).sizes(tokens);
        assertThat(sizes).hasSize(6);
        try (Store opened = Store.open(store)) {
            for (TableSize size : sizes) {
                FileEntry file = opened.run("run").manifest().files().stream()
                        .filter(entry -> entry.name().equals(size.table() + ".arrow"))
                        .findFirst()
                        .orElseThrow();
                assertThat(file.rows()).as(size.table()).isEqualTo(size.rows());
                // Schema twice, footer, and a header for each record batch.
                assertThat(file.bytes()).as(size.table()).isBetween(size.bytes(), size.bytes() + 4_500);
            }
        }
    }
}
