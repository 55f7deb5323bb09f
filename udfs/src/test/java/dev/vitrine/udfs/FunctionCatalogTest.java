package dev.vitrine.udfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.FunctionDescription.Field;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class FunctionCatalogTest {
    private final FunctionCatalog catalog = FunctionCatalog.load();

    @Test
    void builtInFunctionsAreFoundAndSorted() {
        assertThat(catalog.functions())
                .extracting(FunctionDescription::name)
                .contains("dot", "mean_vector")
                .isSorted()
                .hasSameSizeAs(new BuiltInFunctions().functions());
    }

    @Test
    void scalarIsDescribed() throws ReflectiveOperationException {
        FunctionDescription dot = catalog.function("DOT");
        assertThat(dot.kind()).isEqualTo(FunctionKind.SCALAR);
        assertThat(dot.arguments())
                .containsExactly(
                        new Field("a", SqlType.REAL_ARRAY, "a vector"),
                        new Field("b", SqlType.REAL_ARRAY, "a vector of the same length"));
        assertThat(dot.result()).isEqualTo(SqlType.DOUBLE);
        assertThat(dot.columns()).isEmpty();
        assertThat(dot.signature()).isEqualTo("dot(a REAL ARRAY, b REAL ARRAY) → DOUBLE");
        assertThat(dot.method("eval").invoke(null, new float[] {3}, new float[] {4}))
                .isEqualTo(12.0);
        assertThatThrownBy(() -> dot.method("add")).hasMessage("function dot has no method add: it is of kind SCALAR");
    }

    @Test
    void aggregateIsDescribed() {
        FunctionDescription mean = catalog.function("mean_vector");
        assertThat(mean.kind()).isEqualTo(FunctionKind.AGGREGATE);
        assertThat(mean.methods()).containsOnlyKeys("init", "add", "merge", "result");
        assertThat(mean.signature()).isEqualTo("mean_vector(vector REAL ARRAY) → REAL ARRAY");
    }

    @Test
    void tableFunctionIsDescribed() {
        FunctionDescription table = read(WellFormed.class).function("well_formed");
        assertThat(table.kind()).isEqualTo(FunctionKind.TABLE);
        assertThat(table.result()).isNull();
        assertThat(table.columns())
                .containsExactly(new Field("layer", SqlType.INTEGER, ""), new Field("vector", SqlType.REAL_ARRAY, ""));
        assertThat(table.signature())
                .isEqualTo("well_formed(run VARCHAR, k INTEGER) → (layer INTEGER, vector REAL ARRAY)");
    }

    @Test
    void markdownHasOneLinePerFunction() {
        assertThat(read(WellFormed.class).markdown()).isEqualTo("""
                        | function | kind | what it gives | source |
                        |---|---|---|---|
                        | `well_formed(run VARCHAR, k INTEGER) → (layer INTEGER, vector REAL ARRAY)` | table | A \\| b. | definition |
                        """);
        assertThat(catalog.markdown().lines()).hasSize(2 + catalog.functions().size());
    }

    @Test
    void unknownNameListsTheKnownOnes() {
        assertThatThrownBy(() -> read(WellFormed.class).function("dott"))
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
                .hasMessage("function 'dott' is not known; expected one of well_formed");
    }

    @Test
    void nameIsUsedOnce() {
        String name = WellFormed.class.getName();
        assertThatThrownBy(() -> read(WellFormed.class, WellFormed.class))
                .hasMessage("function well_formed is defined by both " + name + " and " + name
                        + "; expected one class per name");
    }

    @Test
    void packOnTheClassPathAddsItsFunctions(@TempDir Path jar) throws IOException {
        assertThat(loadWith(jar, OwnPack.class.getName()).functions())
                .extracting(FunctionDescription::name)
                .contains("well_formed", "dot");
    }

    @Test
    void packThatCannotBeLoadedIsNamed(@TempDir Path jar) {
        assertThatThrownBy(() -> loadWith(jar, "no.such.Pack"))
                .isInstanceOfSatisfying(
                        VitrineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessage("a function pack on the class path cannot be loaded: "
                        + "dev.vitrine.udfs.FunctionPack: Provider no.such.Pack not found");
    }

    /** Loads the catalogue with one more folder on the class path, which names that pack. */
    private static FunctionCatalog loadWith(Path folder, String pack) throws IOException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(services.resolve(FunctionPack.class.getName()), pack);
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(loader);
            return FunctionCatalog.load();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    /** A pack of someone else's. */
    public static final class OwnPack implements FunctionPack {
        @Override
        public List<Class<?>> functions() {
            return List.of(WellFormed.class);
        }
    }

    static FunctionCatalog read(Class<?>... classes) {
        return FunctionCatalog.of(List.of(() -> List.of(classes)));
    }

    @SqlFunction(
            name = "well_formed",
            arguments = {"run: a run", "k: a number"},
            summary = "A | b.",
            source = "definition",
            example = "VALUES 1",
            columns = {"layer INTEGER", "vector REAL ARRAY"})
    public static final class WellFormed {
        private WellFormed() {}

        public static Iterable<Object[]> rows(FunctionContext context, String run, int k) {
            return List.of();
        }
    }
}
