package dev.vitrine.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.udfs.FunctionCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table of functions is the one that {@code vitrine functions --markdown} prints. */
final class FunctionTableTest {
    @Test
    void readmeHasTheGeneratedTable() throws IOException {
        assertThat(Files.readString(Path.of("..", "README.md")))
                .contains(FunctionCatalog.load().markdown());
    }
}
