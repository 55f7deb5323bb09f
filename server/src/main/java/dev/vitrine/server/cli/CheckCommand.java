package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.store.RunCheck;
import dev.vitrine.engine.store.Store;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code vitrine check}: every byte of a store against its checksum. */
@Command(
        name = "check",
        header = "Verify every file of a store against its checksums.",
        description = "Reads all files; exits with 3 if one is damaged, and says where.",
        footerHeading = "%nExamples:%n",
        footer = {"  vitrine check --store my-store"})
final class CheckCommand implements Callable<Integer> {
    @ParentCommand
    private @Nullable Root root;

    @Mixin
    private StoreOption store = new StoreOption();

    @Override
    public Integer call() {
        Console console = Root.console(root);
        List<RunCheck> checks = Store.check(store.path());
        for (RunCheck check : checks) {
            console.out().println(line(check));
            print(console.err(), check.problems());
        }
        console.out().flush();
        boolean sound = checks.stream().allMatch(check -> check.problems().isEmpty());
        return sound ? ExitCodes.OK : ExitCodes.of(ErrorCode.BAD_STORE);
    }

    private static String line(RunCheck check) {
        String result = check.problems().isEmpty() ? "ok" : "DAMAGED";
        return String.format(
                Locale.ROOT, "%-8s %s: %d files, %.1f MB", result, check.run(), check.files(), check.bytes() / 1e6);
    }

    private static void print(PrintStream err, List<String> problems) {
        problems.forEach(problem -> err.println("error: " + problem));
    }
}
