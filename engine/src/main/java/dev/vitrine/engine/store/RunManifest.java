package dev.vitrine.engine.store;

import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.ModelCard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run is: {@code manifest.json}, which is written last and makes the folder a run.
 *
 * @param formatMajor a reader of an older major cannot read the run
 * @param formatMinor grows with additions that older readers may ignore
 * @param requiredFeatures what a reader must know of beyond the format's version
 * @param run the run's name, which is its folder's name
 * @param createdAt when the extraction began
 * @param model the model as it was then
 * @param hooks what was kept, in the order of {@link HookPoint}
 * @param layers the layers of which it was kept, ascending
 * @param prompts number of prompts
 * @param tokens number of tokens of all prompts
 * @param seed what generated prompts were drawn from; null for prompts from a file
 * @param attention where attention weights come from
 * @param dtype how numbers are stored
 * @param files every file of the run but this one
 */
public record RunManifest(
        int formatMajor,
        int formatMinor,
        List<String> requiredFeatures,
        String run,
        Instant createdAt,
        ModelCard model,
        List<HookPoint> hooks,
        List<Integer> layers,
        int prompts,
        long tokens,
        @Nullable Long seed,
        AttentionForm attention,
        FloatType dtype,
        List<FileEntry> files) {
    static final int FORMAT_MAJOR = 1;
    static final int FORMAT_MINOR = 0;

    public RunManifest {
        requiredFeatures = List.copyOf(requiredFeatures);
        hooks = List.copyOf(hooks);
        layers = List.copyOf(layers);
        files = List.copyOf(files);
    }

    /** Bytes of all files but the manifest. */
    public long bytes() {
        return files.stream().mapToLong(FileEntry::bytes).sum();
    }
}
