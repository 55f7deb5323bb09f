package dev.vitrine.server.cli;

import ai.djl.Device;
import dev.vitrine.engine.extract.Extraction;
import dev.vitrine.engine.extract.ExtractionOptions;
import dev.vitrine.engine.extract.Progress;
import dev.vitrine.engine.extract.PromptFile;
import dev.vitrine.engine.extract.PromptSource;
import dev.vitrine.engine.extract.RepeatedRandomTokens;
import dev.vitrine.engine.model.ComputeDevice;
import dev.vitrine.engine.model.HookPoint;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.AttentionForm;
import dev.vitrine.engine.store.FloatType;
import dev.vitrine.engine.store.RunManifest;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine extract}: prompts through a model into a run. */
@Command(
        name = "extract",
        header = "Run prompts through a model and keep its activations.",
        description = {
            "Writes one run, which is in the store once it is whole. If it is interrupted, --resume goes on.",
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  vitrine extract --model minilm --prompts sentences.txt --store my-store",
            "  vitrine extract --model ./gpt2 --prompts questions.jsonl --store my-store \\",
            "      --hooks q,k,attention --layers 0,1,2",
            "  vitrine extract --model induction-toy --rrt standard --length 20 --trials 50 \\",
            "      --store my-store"
        })
final class ExtractCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Mixin
    private StoreOption store = new StoreOption();

    @Option(
            names = {"-m", "--model"},
            required = true,
            paramLabel = "MODEL",
            description = "minilm, induction-toy, or a Hugging Face folder.")
    private String model = "";

    @Option(
            names = "--model-name",
            paramLabel = "NAME",
            description = "What the store calls the model (default: its folder's name).")
    private @Nullable String modelName;

    /** Exactly one kind of prompts. */
    static final class Prompts {
        @Option(
                names = {"-p", "--prompts"},
                required = true,
                paramLabel = "FILE",
                description =
                        "A prompt on each line (.txt), or an object on each line with a field text, the other fields "
                                + "becoming labels (.jsonl).")
        private @Nullable Path file;

        @ArgGroup(exclusive = false)
        private @Nullable Generated generated;
    }

    /** Repeated random tokens. */
    static final class Generated {
        @Option(
                names = "--rrt",
                required = true,
                paramLabel = "KIND",
                description = "Repeated random tokens: standard, shuffled or bidirectional.")
        private RepeatedRandomTokens.Kind kind = RepeatedRandomTokens.Kind.STANDARD;

        @Option(
                names = "--length",
                paramLabel = "N",
                defaultValue = "25",
                description = "Tokens before they repeat (default: ${DEFAULT-VALUE}).")
        private int length;

        @Option(
                names = "--trials",
                paramLabel = "N",
                defaultValue = "10",
                description = "Number of prompts (default: ${DEFAULT-VALUE}).")
        private int trials;

        @Option(
                names = "--seed",
                paramLabel = "S",
                defaultValue = "0",
                description = "The same seed gives the same tokens (default: ${DEFAULT-VALUE}).")
        private long seed;
    }

    @ArgGroup(multiplicity = "1")
    private Prompts prompts = new Prompts();

    @Option(names = "--run", paramLabel = "NAME", description = "Name of the run (default: model and prompts).")
    private @Nullable String run;

    @Option(
            names = "--hooks",
            split = ",",
            paramLabel = "HOOK",
            description =
                    "What to keep: q, k, v, attention, resid_pre, resid_mid, resid_post, attn_out, mlp_out, mlp_act "
                            + "(default: all).")
    private List<String> hooks = List.of();

    @Option(names = "--layers", split = ",", paramLabel = "N", description = "Of which layers, from 0 (default: all).")
    private List<Integer> layers = List.of();

    @Option(
            names = "--attention",
            paramLabel = "FORM",
            defaultValue = "stored",
            description = "stored, or derived from queries and keys when read (default: ${DEFAULT-VALUE}).")
    private AttentionForm attention = AttentionForm.STORED;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "float32, or float16 for half the size and 11 significant bits (default: ${DEFAULT-VALUE}).")
    private FloatType dtype = FloatType.FLOAT32;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "Where the model is run: cpu, gpu, cuda:N, or auto for a GPU where there is one (default: "
                    + "${DEFAULT-VALUE}).")
    private String device = "auto";

    @Option(
            names = "--resume",
            description =
                    "Go on with a run that was interrupted, from its last whole prompt; the other options must be as they were.")
    private boolean resume;

    @Override
    public Integer call() {
        Console console = Root.console(root);
        Progress progress = console.interactive() ? Progress.line(console.err()) : Progress.log(console.err());
        ExtractionOptions options = new ExtractionOptions(
                source(), store.path(), run, hookPoints(), layers, attention, dtype, resume, progress);
        Device place = ComputeDevice.of(device, console.err()::println);
        try (TransformerModel opened = modelName == null
                ? TransformerModel.open(model, place)
                : TransformerModel.open(model, modelName, place)) {
            RunManifest manifest = Extraction.run(opened, options);
            console.out().println(summary(manifest));
            return ExitCodes.OK;
        }
    }

    private PromptSource source() {
        if (prompts.file != null) {
            return PromptFile.of(prompts.file);
        }
        Generated generated = prompts.generated == null ? new Generated() : prompts.generated;
        return RepeatedRandomTokens.of(generated.kind, generated.length, generated.trials, generated.seed);
    }

    private Set<HookPoint> hookPoints() {
        Set<HookPoint> points = EnumSet.noneOf(HookPoint.class);
        hooks.forEach(hook -> points.add(HookPoint.of(hook.trim())));
        return points;
    }

    static String summary(RunManifest manifest) {
        return String.format(
                Locale.ROOT,
                "run %s: model %s, %,d prompts, %,d tokens, %.1f MB",
                manifest.run(),
                manifest.model().name(),
                manifest.prompts(),
                manifest.tokens(),
                manifest.bytes() / 1e6);
    }
}
