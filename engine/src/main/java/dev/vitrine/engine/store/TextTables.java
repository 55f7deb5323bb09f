package dev.vitrine.engine.store;

import dev.vitrine.engine.model.TokenizedPrompt;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Writes what a run says of its prompts beside the tensors: their texts, labels and tokens, and the vocabulary. */
final class TextTables implements Closeable {
    private final RowFile prompts;
    private final RowFile labels;
    private final RowFile tokens;
    private final RowFile vocabulary;

    private TextTables(Path folder, WriteQueue queue) {
        prompts = new RowFile(folder, TableLayout.PROMPTS, queue);
        labels = new RowFile(folder, TableLayout.PROMPT_LABELS, queue);
        tokens = new RowFile(folder, TableLayout.TOKENS, queue);
        vocabulary = new RowFile(folder, TableLayout.VOCABULARY, queue);
    }

    static TextTables create(Path folder, WriteQueue queue, List<String> words) throws IOException {
        TextTables tables = new TextTables(folder, queue);
        for (int id = 0; id < words.size(); id++) {
            tables.vocabulary.add(id).add(words.get(id)).endRow();
        }
        return tables;
    }

    void add(int index, String text, Map<String, String> named, TokenizedPrompt prompt) throws IOException {
        prompts.add(index).add(text).add(prompt.length()).endRow();
        for (Map.Entry<String, String> label : named.entrySet()) {
            labels.add(index).add(label.getKey()).add(label.getValue()).endRow();
        }
        for (int pos = 0; pos < prompt.length(); pos++) {
            tokens.add(index)
                    .add(pos)
                    .add(Math.toIntExact(prompt.ids()[pos]))
                    .add(prompt.tokens()[pos])
                    .add(prompt.special()[pos])
                    .endRow();
        }
    }

    List<FileEntry> finish() throws IOException {
        return List.of(prompts.finish(), labels.finish(), tokens.finish(), vocabulary.finish());
    }

    @Override
    public void close() throws IOException {
        prompts.close();
        labels.close();
        tokens.close();
        vocabulary.close();
    }
}
