package dev.vitrine.engine.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptFileTest {
    private static TransformerModel model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        model = TransformerModel.open("src/test/resources/goldens/bert/model");
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private List<Prompt> read(String name, byte[] content) throws IOException {
        PromptFile file = PromptFile.of(Files.write(folder.resolve(name), content));
        List<Prompt> prompts = new ArrayList<>();
        file.forEach(model, prompts::add);
        return prompts;
    }

    private List<Prompt> read(String name, String content) throws IOException {
        return read(name, content.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void linesOfTextArePrompts() throws IOException {
        assertThat(read("p.txt", "\uFEFFthe cat\r\n the dog \n\n\n"))
                .extracting(Prompt::text)
                .containsExactly("the cat", " the dog ");
        assertThat(read("p.txt", "the"))
                .extracting(Prompt::place)
                .containsExactly("prompt file " + folder.resolve("p.txt") + ", line 1");
    }

    @Test
    void fieldsBesideTheTextAreLabels() throws IOException {
        List<Prompt> prompts = read("p.JSONL", """
                {"id": 12345678901234567890, "text": "the cat", "ok": true, "none": null, "x": {"y": [1.10]}, "s": ""}
                """);
        assertThat(prompts.get(0).labels().toString())
                .isEqualTo("{id=12345678901234567890, ok=true, x={\"y\":[1.10]}, s=}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "p.txt   | ``                         | ` is empty; expected a prompt on each line`",
                "p.txt   | `\\n \\n`                  | ` is empty; expected a prompt on each line`",
                "p.txt   | `the\\n\\nthe\\n`          | `, line 2 is empty; expected a prompt on each line`",
                "p.txt   | `the\\n\\xff\\n`           | `, line 2 is not UTF-8`",
                "p.jsonl | `{\"text\": \"a\"}\\n{\"text\" \"b\"}` | `, line 2 column 9 is not JSON: Unexpected character ('\"' (code 34)): was expecting a colon to separate field name and value`",
                "p.jsonl | `{\"text\": \"a\"} {`       | `, line 1 column 15 has something behind the JSON object`",
                "p.jsonl | `{\"text\": \"a\", \"text\": \"b\"}` | `, line 1 column 21 is not JSON: Duplicate field 'text'`",
                "p.jsonl | `[\"a\"]`                  | `, line 1 is not a JSON object; expected {\"text\": \"…\", …}`",
                "p.jsonl | `{\"prompt\": \"a\"}`      | `, line 1 has no field 'text'; expected the prompt as a string`",
                "p.jsonl | `{\"text\": 7}`            | `, line 1 has a 'text' that is 7; expected the prompt as a string`",
                "p.jsonl | `{\"text\": \" \"}`        | `, line 1 has an empty 'text'; expected the prompt`",
                "p.jsonl | `{\"text\": \"\\ud83d\"}`  | `, line 1 has a 'text' with half a surrogate pair, which is no character`",
            })
    void whatIsWrongIsNamedWithItsLine(String name, String content, String message) {
        byte[] bytes = content.replace("\\n", "\n").replace("\\xff", "\u00ff").getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> read(name, bytes))
                .isInstanceOf(VitrineException.class)
                .hasMessage("prompt file " + folder.resolve(name) + message);
    }

    @Test
    void otherFilesAreRefusedAtOnce() {
        assertThatThrownBy(() -> PromptFile.of(folder.resolve("p.csv")))
                .hasMessage("prompt file " + folder.resolve("p.csv")
                        + ": expected a name that ends in .txt (a prompt on each line) or .jsonl");
        assertThatThrownBy(() -> PromptFile.of(folder.resolve("p.txt")))
                .hasMessage("prompt file " + folder.resolve("p.txt") + ": no such file");
    }
}
