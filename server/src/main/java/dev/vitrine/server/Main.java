package dev.vitrine.server;

import dev.vitrine.engine.NativeLibraries;
import dev.vitrine.server.cli.Console;
import dev.vitrine.server.cli.Root;
import dev.vitrine.sql.plan.WarmUp;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The command line: {@code java -jar vitrine.jar COMMAND}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        NativeLibraries.prepare();
        if (args.length > 0 && args[0].equals("sql")) {
            WarmUp.begin();
        }
        // UTF-8 whatever the locale says.
        PrintStream out = new PrintStream(
                new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        int exitCode = Root.run(new Console(System.in, out, err, isInteractive()), args);
        out.flush();
        System.exit(exitCode);
    }

    @SuppressWarnings("SystemConsoleNull") // with this provider it is null for pipes, as it was before JDK 22
    private static boolean isInteractive() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }
}
