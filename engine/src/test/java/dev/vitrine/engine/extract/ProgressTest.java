package dev.vitrine.engine.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.model.TransformerModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
    @TempDir
    private Path folder;

    private String said(Function<PrintStream, Progress> form) throws IOException {
        Path prompts = Files.writeString(folder.resolve("p.txt"), "the cat\nthe\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Progress progress = form.apply(new PrintStream(out, true, StandardCharsets.UTF_8));
        try (TransformerModel model = TransformerModel.open("src/test/resources/goldens/bert/model")) {
            Survey survey = Survey.of(PromptFile.of(prompts), model);
            progress.begin(survey);
            progress.add(4, true);
            progress.add(3, true);
            progress.end();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLogEndsWithALineOfEverything() throws IOException {
        assertThat(said(Progress::log)).matches("2 of 2 prompts, 7 of 7 tokens, [0-9,]+ tokens/s, 0:00 in all\\R");
    }

    @Test
    void aTerminalsLineIsWrittenOver() throws IOException {
        assertThat(said(Progress::line))
                .matches("\\r2 of 2 prompts, 7 of 7 tokens, [0-9,]+ tokens/s, 0:00 in all\\x1B\\[K\\R");
    }

    @Test
    void silenceIsSilent() throws IOException {
        assertThat(said(out -> Progress.silent())).isEmpty();
    }
}
