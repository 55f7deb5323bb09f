package dev.vitrine.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.HookPoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a killed process leaves behind: the store as it was, and a run that can be gone on with. */
class ResumeTest {
    /** Short prompts that share batches, prompts with batches of their own, and enough of both that shared batches fill up. */
    private static final int[] LENGTHS = {
        3, 1, 700, 5, 30, 31, 32, 33, 29, 28, 27, 33, 32, 31, 30, 29, 33, 32, 33, 31, 33, 32, 310, 2, 701, 1, 4, 330, 2
    };

    private static final RunPlan PLAN = SyntheticRun.plan("run", SyntheticRun.card("decoder", 2, 3, 1, 5, 4, 3900));

    @TempDir
    private Path store;

    /** The process that is killed: writes the prompts, slowly, and says when each was given to the writer. */
    static final class Child {
        public static void main(String[] arguments) throws InterruptedException {
            try (RunWriter writer = RunWriter.create(
                    Path.of(arguments[0]), PLAN, SyntheticRun.VOCABULARY, Boolean.parseBoolean(arguments[1]))) {
                for (int prompt = 0; prompt < LENGTHS.length; prompt++) {
                    SyntheticRun.prompt(writer, PLAN, prompt, LENGTHS[prompt]);
                    System.out.println(prompt);
                    Thread.sleep(2);
                }
                System.out.println("finishing");
                writer.finish();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "8", "finishing"})
    void aKillLosesAtMostThePromptInFlight(String moment) throws IOException, InterruptedException {
        Process child = start(true, moment);
        child.destroyForcibly().waitFor();
        assertThat(runs()).isIn(List.of(".run.tmp"), List.of("run"));
        if (runs().contains("run")) {
            // The kill came too late: the run was whole.
            check();
            return;
        }
        try (Store opened = Store.open(store)) {
            assertThat(opened.runs()).isEmpty();
        }
        // The writer is behind by what may wait in its queue: 16 writes, several of these prompts.
        int least = moment.equals("finishing") ? 0 : 1;
        assertThat(finish()).isBetween(least, LENGTHS.length);
        check();
    }

    /** Ctrl-C and a polite kill run the shutdown hooks. */
    @Test
    void aProcessToldToEndCleansUp() throws IOException, InterruptedException {
        Process child = start(false, "3");
        child.destroy();
        child.waitFor();
        assertThat(runs()).isEmpty();
    }

    /** A process that writes, and has come to the moment. */
    private Process start(boolean resume, String moment) throws IOException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        store.toString(),
                        Boolean.toString(resume))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = child.inputReader(StandardCharsets.UTF_8);
        String line = lines.readLine();
        while (line != null && !line.equals(moment)) {
            line = lines.readLine();
        }
        assertThat(line).isEqualTo(moment);
        return child;
    }

    /** Resumes and ends the run; how many prompts had to be computed. */
    private int finish() {
        int computed = 0;
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true)) {
            for (int prompt = 0; prompt < LENGTHS.length; prompt++) {
                computed += SyntheticRun.prompt(writer, PLAN, prompt, LENGTHS[prompt]) ? 1 : 0;
            }
            writer.finish();
        }
        return computed;
    }

    private List<String> runs() throws IOException {
        try (Stream<Path> runs = Files.list(store.resolve("runs"))) {
            return runs.map(run -> run.getFileName().toString()).toList();
        }
    }

    private void check() throws IOException {
        assertThat(runs()).containsExactly("run");
        assertThat(Store.check(store)).allMatch(check -> check.problems().isEmpty());
        try (Store opened = Store.open(store)) {
            RunRoundTripTest.checkEverything(opened.run("run"), LENGTHS);
        }
        try (Stream<Path> files = Files.list(store.resolve("runs/run"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(name -> name.endsWith(".arrow") || name.equals("manifest.json"));
        }
    }

    /** Leaves the first prompts committed, as an interrupted extraction does. */
    private void begin(int prompts) {
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true)) {
            for (int prompt = 0; prompt < prompts; prompt++) {
                SyntheticRun.prompt(writer, PLAN, prompt, LENGTHS[prompt]);
            }
            writer.drain();
        }
    }

    @Test
    void everyCommittedPromptIsKept() throws IOException {
        for (int prompts = 1; prompts < LENGTHS.length; prompts++) {
            begin(prompts);
        }
        assertThat(finish()).isEqualTo(1);
        check();
    }

    @Test
    void aJournalLineThatWasCutOffIsIgnored() throws IOException {
        begin(7);
        Path journal = store.resolve("runs/.run.tmp/journal");
        byte[] bytes = Files.readAllBytes(journal);
        Files.write(journal, Arrays.copyOf(bytes, bytes.length - 5));
        assertThat(finish()).isEqualTo(LENGTHS.length - 6);
        check();
    }

    @Test
    void withoutResumeTheRunBeginsAnew() throws IOException {
        begin(7);
        SyntheticRun.write(store, PLAN, LENGTHS);
        check();
    }

    @Test
    void otherOptionsAreRefused() {
        begin(1);
        RunPlan other = new RunPlan(
                "run", PLAN.model(), Set.of(HookPoint.Q), List.of(1), 3L, AttentionForm.NONE, FloatType.FLOAT16);
        assertThatThrownBy(() -> RunWriter.create(store, other, SyntheticRun.VOCABULARY, true))
                .isInstanceOf(VitrineException.class)
                .hasMessageStartingWith("run 'run' cannot be resumed with other options: it was begun with hooks [")
                .hasMessageEndingWith(
                        "; it was begun with layers [0, 1], asked for is [1]; it was begun with seed null,"
                                + " asked for is 3; it was begun with attention STORED, asked for is NONE; it was begun with"
                                + " dtype FLOAT32, asked for is FLOAT16");
    }

    @Test
    void otherPromptsAreRefused() {
        begin(3);
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true)) {
            SyntheticRun.prompt(writer, PLAN, 0, 3);
            SyntheticRun.prompt(writer, PLAN, 1, 1);
            assertThatThrownBy(() -> SyntheticRun.prompt(writer, PLAN, 2, 701))
                    .hasMessage(
                            "run 'run' cannot be resumed: its first 3 prompts are not those that it was begun with");
        }
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true)) {
            SyntheticRun.prompt(writer, PLAN, 0, 3);
            assertThatThrownBy(writer::finish)
                    .hasMessage("run 'run' cannot be resumed: it has 3 prompts already, given were 1");
        }
    }

    /** Even where they are longer than all that was committed. */
    @Test
    void promptsOfOtherLengthsAreRefused() {
        begin(3);
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true)) {
            SyntheticRun.prompt(writer, PLAN, 0, 900);
            SyntheticRun.prompt(writer, PLAN, 1, 1);
            writer.drain();
            assertThatThrownBy(() -> SyntheticRun.prompt(writer, PLAN, 2, 700))
                    .hasMessage(
                            "run 'run' cannot be resumed: its first 3 prompts are not those that it was begun with");
        }
    }

    @Test
    void damageIsFoundBeforeGoingOn() throws IOException {
        begin(5);
        Path file = store.resolve("runs/.run.tmp/neurons.arrow");
        Path copy = Files.copy(file, store.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
        byte[] bytes = Files.readAllBytes(file);
        bytes[1000] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true))
                .hasMessage(file + ", batch 0 at offset 448 is not as it was committed: the run cannot be resumed,"
                        + " extract it anew");
        Files.copy(copy, file, StandardCopyOption.REPLACE_EXISTING);
        Path staging = store.resolve("runs/.run.tmp/keys.arrow.staging");
        bytes = Files.readAllBytes(staging);
        bytes[100] ^= 1;
        Files.write(staging, bytes);
        assertThatThrownBy(() -> RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY, true))
                .hasMessage(staging + " is not as it was committed: the run cannot be resumed, extract it anew");
    }

    @Test
    void aSecondWriterIsRefused() {
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY)) {
            assertThat(writer.prompts()).isZero();
            assertThatThrownBy(() -> RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY))
                    .hasMessage(
                            "run 'run' is being written by another extraction, in " + store.resolve("runs/.run.tmp"))
                    .extracting(e -> ((VitrineException) e).code())
                    .isEqualTo(ErrorCode.LOCKED);
        }
        assertThat(store.resolve("runs")).isEmptyDirectory();
    }
}
