package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoCommandTest {
    @Test
    void theDemoAnswersItsQueriesAndKeepsItsStore(@TempDir Path folder) {
        String store = folder.resolve("demo-store").toString();
        CommandRun demo = CommandRun.of("demo", "--store", store);
        assertThat(demo.exitCode()).as(demo.err()).isZero();
        assertThat(demo.err()).doesNotContain("error").contains("run sentences: model minilm, 8 prompts, 103 tokens");
        assertThat(demo.out())
                .contains("sentences  minilm               8     103")
                .contains("induction_score(query_pos, key_pos, weight, 20)")
                .containsPattern("1 {5}[0-3] +0\\.9\\d+ +#{19,20}\n")
                .containsPattern("\\[CLS] +0\\.\\d+\n")
                .contains("CREATE TABLE workspace.word_kinds")
                .containsPattern("layer +noun +verb +article +stop\n")
                .contains("vitrine sql --store " + store)
                .contains("vitrine serve --store " + store);
        assertThat(nextTokens(demo.out()))
                .as("the promoted token is the next one")
                .isTrue();

        long began = System.nanoTime();
        CommandRun again = CommandRun.of("demo", "--store", store);
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(again.err()).doesNotContain("run sentences: model minilm");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMinutes(1));
        assertThat(CommandRun.of("check", "-s", store).exitCode()).isZero();
    }

    /** Whether the row of rank 1 promotes the token that comes next. */
    private static boolean nextTokens(String out) {
        return out.lines()
                .map(line -> line.strip().split(" +"))
                .anyMatch(cells -> cells.length == 4 && cells[0].equals("1") && cells[1].equals(cells[3]));
    }
}
