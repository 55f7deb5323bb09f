package dev.vitrine.server.cli;

import dev.vitrine.udfs.FunctionCatalog;
import dev.vitrine.udfs.FunctionDescription;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine functions}: what the functions say of themselves. */
@Command(
        name = "functions",
        header = "List the SQL functions, or explain some.",
        footerHeading = "%nExamples:%n",
        footer = {"  vitrine functions", "  vitrine functions induction_score", "  vitrine functions --markdown"})
final class FunctionsCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Option(names = "--markdown", description = "The table of the README.")
    private boolean markdown;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Functions to explain in full.")
    private List<String> names = List.of();

    @Override
    public Integer call() {
        PrintStream out = Root.console(root).out();
        FunctionCatalog catalog = FunctionCatalog.load();
        if (markdown) {
            out.print(catalog.markdown());
        } else if (names.isEmpty()) {
            for (FunctionDescription function : catalog.functions()) {
                out.println(function.signature());
                out.println("    " + function.summary());
            }
        } else {
            names.forEach(name -> out.print(FunctionText.of(catalog.function(name))));
        }
        out.flush();
        return ExitCodes.OK;
    }
}
