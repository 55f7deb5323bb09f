package dev.vitrine.engine.model;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A folder with config.json, tokenizer.json and weights.
 *
 * @param name what users call the model: the folder's own name, or the built-in model's
 * @param source what opens the same model again: the absolute path, or {@code builtin:NAME}
 * @param path where the files are
 */
record ModelFolder(String name, String source, Path path) {
    private static final String BUILT_IN = "builtin:";

    /** Finds a model by what a user gives: the name of a built-in model, a folder, or a {@link #source}. */
    static ModelFolder resolve(String nameOrFolder) {
        String name = nameOrFolder.startsWith(BUILT_IN) ? nameOrFolder.substring(BUILT_IN.length()) : nameOrFolder;
        for (BuiltInModel model : BuiltInModel.ALL) {
            if (model.name().equals(name)) {
                return new ModelFolder(name, BUILT_IN + name, model.unpack(BuiltInModel.cache()));
            }
        }
        Path path = Path.of(nameOrFolder).toAbsolutePath().normalize();
        if (!Files.isDirectory(path)) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "no model '" + nameOrFolder + "'; expected one of " + BuiltInModel.names() + ", or a folder ("
                            + path + (Files.exists(path) ? " is a file)" : " does not exist)"));
        }
        if (!Files.isRegularFile(path.resolve("config.json"))) {
            throw new VitrineException(
                    ErrorCode.NOT_FOUND,
                    "no config.json in " + path
                            + "; expected a Hugging Face folder with config.json, tokenizer.json and weights");
        }
        Path folder = path.getFileName();
        return new ModelFolder(folder == null ? path.toString() : folder.toString(), path.toString(), path);
    }
}
