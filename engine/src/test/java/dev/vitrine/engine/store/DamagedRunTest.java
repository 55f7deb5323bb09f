package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever happens to a file: a clear error, or the right data. */
class DamagedRunTest {
    private static final int[] LENGTHS = {2, 1};

    @TempDir
    private Path store;

    private Path run;

    @BeforeEach
    void write() {
        SyntheticRun.write(store, SyntheticRun.plan("run", SyntheticRun.card("decoder", 1, 2, 1, 3, 2, 2)), LENGTHS);
        run = store.resolve("runs/run");
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = run.resolve(name);
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
    }

    private static RunManifest manifest(Path run) {
        return ManifestFile.read(run);
    }

    private void assertOpening(String message) {
        assertThatThrownBy(() -> Store.open(store))
                .isInstanceOf(VitrineException.class)
                .hasMessage(message)
                .extracting(e -> ((VitrineException) e).code())
                .isEqualTo(ErrorCode.BAD_STORE);
        assertThat(Store.check(store))
                .singleElement()
                .satisfies(check -> assertThat(check.problems()).containsExactly(message));
    }

    private void assertReading(String message) {
        try (Store opened = Store.open(store)) {
            assertThatThrownBy(() -> RunRoundTripTest.checkEverything(opened.run("run"), LENGTHS))
                    .isInstanceOf(VitrineException.class)
                    .hasMessage(message)
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.BAD_STORE);
        }
        assertThat(Store.check(store))
                .singleElement()
                .satisfies(check -> assertThat(check.problems()).containsExactly(message));
    }

    @Test
    void aSoundRunHasNoProblems() {
        List<RunCheck> checks = Store.check(store);
        assertThat(checks).singleElement().satisfies(check -> {
            assertThat(check.run()).isEqualTo("run");
            assertThat(check.files()).isEqualTo(11);
            assertThat(check.bytes()).isEqualTo(manifest(run).bytes());
            assertThat(check.problems()).isEmpty();
        });
    }

    @Test
    void aNewerFormatIsRefusedWithTheVersionNeeded() throws IOException {
        edit("manifest.json", "\"format_major\" : 1", "\"format_major\" : 2");
        assertOpening(run.resolve("manifest.json")
                + " is of format 2.0, this Vitrine reads formats up to 1.x: use a Vitrine that reads format 2");
    }

    @Test
    void anUnknownRequiredFeatureIsRefused() throws IOException {
        edit("manifest.json", "[ \"attention_statistics\" ]", "[ \"attention_statistics\", \"stacks\" ]");
        assertOpening(run.resolve("manifest.json")
                + " needs [stacks], which this Vitrine does not know: use one that reads format 1.0");
    }

    @Test
    void aManifestThatWasEditedIsRefused() throws IOException {
        edit("manifest.json", "\"tokens\" : 3", "\"tokens\" : 4");
        assertOpening(run.resolve("manifest.json") + " does not match its checksum: it was edited or damaged");
    }

    @Test
    void aManifestThatIsNoJsonIsRefusedWithItsPlace() throws IOException {
        edit("manifest.json", "\"prompts\" : 2,", "\"prompts\" 2,");
        String message = assertThatThrownBy(() -> Store.open(store)).actual().getMessage();
        assertThat(message)
                .startsWith(run.resolve("manifest.json") + " line ")
                .endsWith(": not a manifest: Unexpected character ('2' (code 50)): was expecting a colon to separate"
                        + " field name and value");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        long bytes = Files.size(run.resolve("keys.arrow"));
        Files.delete(run.resolve("keys.arrow"));
        assertReading(run.resolve("keys.arrow") + " is missing: the manifest lists it with " + bytes + " bytes");
    }

    @Test
    void aTruncatedFileIsNamedWithBothSizes() throws IOException {
        Path file = run.resolve("queries.arrow");
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 100));
        assertReading(file + " has " + (bytes.length - 100) + " bytes, the manifest says " + bytes.length);
    }

    @Test
    void aForeignArrowFileIsRefusedWithItsColumns() throws IOException {
        Path other = store.resolve("other");
        SyntheticRun.write(other, SyntheticRun.plan("run", SyntheticRun.card("decoder", 1, 2, 1, 3, 4, 2)), LENGTHS);
        Path file = run.resolve("queries.arrow");
        Files.copy(other.resolve("runs/run/queries.arrow"), file, StandardCopyOption.REPLACE_EXISTING);
        RunManifest mine = manifest(run);
        FileEntry theirs = manifest(other.resolve("runs/run")).files().stream()
                .filter(entry -> entry.name().equals("queries.arrow"))
                .findFirst()
                .orElseThrow();
        rewrite(
                mine,
                mine.files().stream()
                        .map(entry -> entry.name().equals(theirs.name()) ? theirs : entry)
                        .toList());
        assertReading(file + " has columns Schema<prompt: Int(32, true) not null, layer: Int(32, true) not null, head:"
                + " Int(32, true) not null, pos: Int(32, true) not null, vector: FixedSizeList(4)<item:"
                + " FloatingPoint(SINGLE) not null> not null>, expected Schema<prompt: Int(32, true) not null, layer:"
                + " Int(32, true) not null, head: Int(32, true) not null, pos: Int(32, true) not null, vector:"
                + " FixedSizeList(2)<item: FloatingPoint(SINGLE) not null> not null>");
    }

    private void rewrite(RunManifest manifest, List<FileEntry> files) throws IOException {
        Files.delete(run.resolve("manifest.json"));
        ManifestFile.write(run, with(manifest, files));
    }

    private static RunManifest with(RunManifest manifest, List<FileEntry> files) {
        return new RunManifest(
                manifest.formatMajor(),
                manifest.formatMinor(),
                manifest.requiredFeatures(),
                manifest.run(),
                manifest.createdAt(),
                manifest.model(),
                manifest.hooks(),
                manifest.layers(),
                manifest.prompts(),
                manifest.tokens(),
                manifest.seed(),
                manifest.attention(),
                manifest.dtype(),
                files);
    }

    @Test
    void aFlippedBitIsReportedWithFileBatchAndOffset() throws IOException {
        Path file = run.resolve("attention.arrow");
        BatchEntry batch = entry("attention.arrow").batches().get(0);
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (batch.offset() + batch.length() - 70)] ^= 1;
        Files.write(file, bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, (int) batch.offset(), (int) batch.length());
        assertReading(file + ", batch 0 at offset " + batch.offset() + " has checksum " + BatchFile.hex(crc)
                + ", the manifest says " + batch.crc32c());
    }

    private FileEntry entry(String name) {
        return manifest(run).files().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(names = {"TOKENS", "HIDDEN_STATES"})
    void everyFlippedByteOfAFileIsFound(TableLayout layout) throws IOException {
        Path file = run.resolve(layout.file());
        RunManifest manifest = manifest(run);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (1 << i % Byte.SIZE);
            Files.write(file, bytes);
            bytes[i] ^= (byte) (1 << i % Byte.SIZE);
            int at = i;
            assertThatThrownBy(() -> {
                        MappedFile opened = MappedFile.open(run, manifest, layout, schema(manifest, layout));
                        for (int batch = 0; batch < opened.batches(); batch++) {
                            opened.batch(batch).verify();
                        }
                    })
                    .as("byte %s", at)
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.BAD_STORE);
        }
    }

    private static Schema schema(RunManifest manifest, TableLayout layout) {
        TensorTable table = RunContents.of(manifest).table(layout);
        return table == null ? layout.schema() : table.schema();
    }

    @Test
    void everyFlippedByteOfTheManifestIsFound() throws IOException {
        Path file = run.resolve("manifest.json");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) (1 << i % 7);
            Files.write(file, bytes);
            bytes[i] ^= (byte) (1 << i % 7);
            assertThatThrownBy(() -> ManifestFile.read(run))
                    .as("byte %s", i)
                    .isInstanceOf(VitrineException.class)
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.BAD_STORE);
        }
    }

    /** Someone who can also forge the checksums may give wrong numbers, but may not make the reader leave the file. */
    @ParameterizedTest
    @EnumSource(names = {"TOKENS", "ATTENTION"})
    void forgedFilesNeverLeadOutOfTheFile(TableLayout layout) throws IOException {
        Path file = run.resolve(layout.file());
        RunManifest manifest = manifest(run);
        byte[] bytes = Files.readAllBytes(file);
        int survived = 0;
        for (int i = 0; i < bytes.length; i += 3) {
            byte sound = bytes[i];
            bytes[i] = (byte) (i % 2 == 0 ? ~sound : sound ^ 1);
            Files.write(file, bytes);
            Run forged = new Run(run, with(manifest, forge(manifest, layout, bytes)));
            bytes[i] = sound;
            try {
                read(forged, layout);
                survived++;
            } catch (VitrineException e) {
                assertThat(e.code()).as("byte %s: %s", i, e.getMessage()).isEqualTo(ErrorCode.BAD_STORE);
            }
        }
        assertThat(survived).isPositive();
    }

    private static List<FileEntry> forge(RunManifest manifest, TableLayout layout, byte[] bytes) {
        return manifest.files().stream()
                .map(entry -> {
                    if (!entry.name().equals(layout.file())) {
                        return entry;
                    }
                    BatchEntry batch = entry.batches().get(0);
                    CRC32C body = new CRC32C();
                    body.update(bytes, (int) batch.offset(), (int) batch.length());
                    CRC32C frame = new CRC32C();
                    frame.update(bytes, 0, (int) batch.offset());
                    int end = (int) (batch.offset() + batch.length());
                    frame.update(bytes, end, bytes.length - end);
                    BatchEntry forged =
                            new BatchEntry(batch.offset(), batch.length(), batch.rows(), BatchFile.hex(body));
                    return new FileEntry(
                            entry.name(), entry.bytes(), entry.rows(), BatchFile.hex(frame), List.of(forged));
                })
                .toList();
    }

    private static void read(Run run, TableLayout layout) {
        float[] numbers = new float[100];
        for (int prompt = 0; prompt < LENGTHS.length; prompt++) {
            for (int pos = 0; pos < LENGTHS[prompt]; pos++) {
                switch (layout) {
                    case TOKENS -> {
                        run.tokenId(prompt, pos);
                        run.token(prompt, pos);
                        run.special(prompt, pos);
                    }
                    case ATTENTION -> {
                        run.attention().row(prompt, 0, 1, pos, numbers);
                        run.attention().statistic(Statistic.MAX, prompt, 0, 1);
                    }
                    default -> run.hidden(HookPoint.MLP_OUT).vector(prompt, 0, 0, pos, numbers);
                }
            }
        }
    }

    @Test
    void aLyingManifestIsRefused() throws IOException {
        RunManifest manifest = manifest(run);
        List<FileEntry> files = manifest.files().stream()
                .map(entry -> entry.name().equals("keys.arrow")
                        ? new FileEntry(
                                entry.name(),
                                entry.bytes(),
                                entry.rows(),
                                entry.frameCrc32c(),
                                entry.batches().stream()
                                        .map(batch -> new BatchEntry(
                                                batch.offset(), Integer.MAX_VALUE, batch.rows(), batch.crc32c()))
                                        .toList())
                        : entry)
                .toList();
        rewrite(manifest, files);
        long end = entry("keys.arrow").batches().get(0).offset() + Integer.MAX_VALUE;
        assertReading(run.resolve("keys.arrow") + " has no footer after its last batch, which ends at offset " + end);
    }

    @Test
    void aFolderThatIsNoRunIsNotSeen() throws IOException {
        Files.createDirectories(store.resolve("runs/.half.tmp"));
        Files.writeString(store.resolve("runs/.half.tmp/manifest.json"), "{", StandardCharsets.UTF_8);
        Files.createDirectories(store.resolve("runs/notes"));
        try (Store opened = Store.open(store)) {
            assertThat(opened.runs()).extracting(Run::name).containsExactly("run");
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Store.open(store.resolve("no")))
                .hasMessage("store " + store.resolve("no") + ": no such folder");
        assertThatThrownBy(() -> Store.open(run)).hasMessage("store " + run + ": not a store, it has no folder 'runs'");
        try (Store opened = Store.open(store)) {
            assertThatThrownBy(() -> opened.run("other"))
                    .hasMessage("run 'other' is not in store " + store + "; it has [run]");
        }
    }
}
