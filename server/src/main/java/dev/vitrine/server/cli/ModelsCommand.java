package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.RunPlan;
import dev.vitrine.engine.store.TableSize;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine models}: what a model is, before it is run. */
@Command(
        name = "models",
        header = "Show what a model is and how large a run of it becomes.",
        footerHeading = "%nExamples:%n",
        footer = {"  vitrine models minilm", "  vitrine models ./gpt2 --tokens 1024"})
final class ModelsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Parameters(paramLabel = "MODEL", description = "minilm, induction-toy, or a Hugging Face folder.")
    private String model = "";

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "128",
            description =
                    "Tokens of a prompt whose size in a run is shown (default: ${DEFAULT-VALUE}, or as many as the model takes).")
    private int tokens;

    @Override
    public Integer call() {
        PrintStream out = Root.console(root).out();
        try (TransformerModel opened = TransformerModel.open(model)) {
            ModelCard card = opened.card();
            long parameters = opened.weights().stream()
                    .mapToLong(matrix -> (long) matrix.rows() * matrix.columns())
                    .sum();
            line(out, "model", card.name());
            line(out, "source", card.source());
            line(out, "architecture", card.architecture() + ", " + card.kind() + ", " + card.norms() + "-norm");
            line(out, "layers", card.layers());
            line(
                    out,
                    "heads",
                    card.heads()
                            + (card.kvHeads() == card.heads() ? "" : ", " + card.kvHeads() + " for keys and values"));
            line(out, "d_model", card.dModel());
            line(out, "d_head", card.dHead());
            line(out, "d_mlp", card.dMlp());
            line(out, "vocabulary", String.format(Locale.ROOT, "%,d tokens", card.vocabSize()));
            line(out, "positions", String.format(Locale.ROOT, "%,d", card.maxPositions()));
            line(out, "head", card.hasHead() ? "gives logits" : "none: project_tokens uses the embedding");
            line(out, "parameters", String.format(Locale.ROOT, "%,d", parameters));
            tables(out, card);
        }
        out.flush();
        return ExitCodes.OK;
    }

    private void tables(PrintStream out, ModelCard card) {
        int length = Math.min(tokens, card.maxPositions());
        if (length < 1) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT, "--tokens " + tokens + ": expected 1 to " + card.maxPositions());
        }
        out.println();
        out.println("a prompt of " + length + " tokens, everything kept in float32:");
        out.println(String.format(Locale.ROOT, "%-13s %12s %12s", "table", "rows", "MB"));
        long bytes = 0;
        for (TableSize size : RunPlan.everything("run", card).sizes(length)) {
            out.println(
                    String.format(Locale.ROOT, "%-13s %,12d %,12.2f", size.table(), size.rows(), size.bytes() / 1e6));
            bytes += size.bytes();
        }
        out.println(String.format(Locale.ROOT, "%-13s %12s %,12.2f", "in all", "", bytes / 1e6));
    }

    private static void line(PrintStream out, String name, Object value) {
        out.println(String.format(Locale.ROOT, "%-13s %s", name, value));
    }
}
