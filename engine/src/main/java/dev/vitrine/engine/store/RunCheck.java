package dev.vitrine.engine.store;

import dev.vitrine.engine.VitrineException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * What a check of a run found.
 *
 * @param run the run's name
 * @param files files that were read
 * @param bytes bytes in them
 * @param problems what is wrong, each with file, batch and offset; empty for a sound run
 */
public record RunCheck(String run, int files, long bytes, List<String> problems) {
    public RunCheck {
        problems = List.copyOf(problems);
    }

    /** Reads every byte of a run's folder and compares it with the manifest. */
    static RunCheck of(Path folder) {
        String name = folder.getFileName().toString();
        RunManifest manifest;
        try {
            manifest = ManifestFile.read(folder);
        } catch (VitrineException e) {
            return new RunCheck(name, 0, 0, List.of(e.getMessage()));
        }
        List<String> problems = new ArrayList<>();
        for (TableLayout layout :
                List.of(TableLayout.PROMPTS, TableLayout.PROMPT_LABELS, TableLayout.TOKENS, TableLayout.VOCABULARY)) {
            check(folder, manifest, layout, layout.schema(), problems);
        }
        List<TensorTable> tables = RunContents.of(manifest).tables();
        for (TensorTable table : tables) {
            check(folder, manifest, table.layout(), table.schema(), problems);
            if (table.statistics()) {
                TableLayout tiles = TableLayout.ATTENTION_TILES;
                check(folder, manifest, tiles, tiles.schema(), problems);
            }
        }
        if (problems.isEmpty()) {
            problems.addAll(lengths(folder, manifest, tables));
        }
        return new RunCheck(name, manifest.files().size(), manifest.bytes(), problems);
    }

    private static void check(
            Path folder, RunManifest manifest, TableLayout layout, Schema schema, List<String> problems) {
        MappedFile file;
        try {
            file = MappedFile.open(folder, manifest, layout, schema);
        } catch (VitrineException e) {
            problems.add(e.getMessage());
            return;
        }
        for (int batch = 0; batch < file.batches(); batch++) {
            try {
                file.batch(batch).verify();
            } catch (VitrineException e) {
                problems.add(e.getMessage());
            }
        }
    }

    /** Whether the numbers of rows follow from the prompts. */
    private static List<String> lengths(Path folder, RunManifest manifest, List<TensorTable> tables) {
        try {
            PromptLengths lengths = RunTexts.open(folder, manifest).lengths();
            for (TensorTable table : tables) {
                MappedTensor.open(folder, manifest, table, lengths);
                if (table.statistics()) {
                    table.openTiles(folder, manifest, lengths.prompts());
                }
            }
            return List.of();
        } catch (VitrineException e) {
            return List.of(e.getMessage());
        }
    }
}
