package dev.vitrine.server.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --store}, which most commands take. */
final class StoreOption {
    @Option(
            names = {"-s", "--store"},
            required = true,
            paramLabel = "DIR",
            description = "Folder of the store.")
    private Path store = Path.of("");

    Path path() {
        return store;
    }
}
