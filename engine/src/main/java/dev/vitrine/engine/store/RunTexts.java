package dev.vitrine.engine.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a run says of its prompts beside the tensors: texts, labels, tokens and the vocabulary. Thread-safe. */
final class RunTexts {
    private static final int PROMPT = 0;

    private final PromptLengths lengths;
    private final MappedColumns prompts;
    private final MappedColumns labels;
    private final MappedColumns tokens;
    private final MappedColumns words;
    private @Nullable List<String> vocabulary;

    private RunTexts(
            PromptLengths lengths,
            MappedColumns prompts,
            MappedColumns labels,
            MappedColumns tokens,
            MappedColumns words) {
        this.lengths = lengths;
        this.prompts = prompts;
        this.labels = labels;
        this.tokens = tokens;
        this.words = words;
    }

    static RunTexts open(Path folder, RunManifest manifest) {
        MappedFile file = open(folder, manifest, TableLayout.PROMPTS, manifest.prompts());
        MappedColumns prompts = new MappedColumns(file, "tokens", "text");
        int[] lengths = new int[manifest.prompts()];
        long all = 0;
        for (int prompt = 0; prompt < lengths.length; prompt++) {
            lengths[prompt] = prompts.integer(0, prompt);
            all += lengths[prompt];
            if (lengths[prompt] < 1) {
                throw MappedFile.bad(file.path(), "says that prompt " + prompt + " has " + lengths[prompt] + " tokens");
            }
        }
        if (all != manifest.tokens()) {
            throw MappedFile.bad(file.path(), "has " + all + " tokens, the manifest says " + manifest.tokens());
        }
        return new RunTexts(
                new PromptLengths(lengths),
                prompts,
                new MappedColumns(
                        open(folder, manifest, TableLayout.PROMPT_LABELS, rows(manifest, TableLayout.PROMPT_LABELS)),
                        "prompt",
                        "name",
                        "label"),
                new MappedColumns(open(folder, manifest, TableLayout.TOKENS, all), "token_id", "token", "is_special"),
                new MappedColumns(
                        open(folder, manifest, TableLayout.VOCABULARY, rows(manifest, TableLayout.VOCABULARY)),
                        "token"));
    }

    private static MappedFile open(Path folder, RunManifest manifest, TableLayout layout, long rows) {
        return MappedFile.open(folder, manifest, layout, layout.schema(), rows);
    }

    /** What the manifest says of tables whose length nothing else gives. */
    private static long rows(RunManifest manifest, TableLayout layout) {
        return manifest.files().stream()
                .filter(file -> file.name().equals(layout.file()))
                .mapToLong(FileEntry::rows)
                .sum();
    }

    PromptLengths lengths() {
        return lengths;
    }

    PromptRow prompt(int prompt) {
        Objects.checkIndex(prompt, lengths.prompts());
        Map<String, String> named = new LinkedHashMap<>();
        for (long row = firstLabel(prompt); row < labels.rows() && labels.integer(PROMPT, row) == prompt; row++) {
            named.put(labels.text(1, row), labels.text(2, row));
        }
        return new PromptRow(prompt, prompts.text(1, prompt), lengths.tokens(prompt), named);
    }

    int tokenId(int prompt, int pos) {
        return tokens.integer(0, token(lengths, prompt, pos));
    }

    String token(int prompt, int pos) {
        return tokens.text(1, token(lengths, prompt, pos));
    }

    boolean special(int prompt, int pos) {
        return tokens.bit(2, token(lengths, prompt, pos));
    }

    private static long token(PromptLengths lengths, int prompt, int pos) {
        return lengths.before(prompt) + Objects.checkIndex(pos, lengths.tokens(prompt));
    }

    synchronized List<String> vocabulary() {
        if (vocabulary == null) {
            List<String> read = new ArrayList<>();
            for (long row = 0; row < words.rows(); row++) {
                read.add(words.text(0, row));
            }
            vocabulary = List.copyOf(read);
        }
        return vocabulary;
    }

    /** The first row of labels at or after a prompt. */
    private long firstLabel(int prompt) {
        long low = 0;
        long high = labels.rows();
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (labels.integer(PROMPT, middle) < prompt) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
