package dev.vitrine.engine.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several prompts that are written at once make the files that the same prompts make one after the other. */
class PromptsInFlightTest {
    /** Short in some files or in all, and long, of one batch and of several. */
    private static final int[] LENGTHS = {
        700, 701, 3, 1, 690, 700, 30, 33, 310, 2, 330, 331, 1500, 1499, 1, 702, 64, 64, 128
    };

    private static final RunPlan PLAN = SyntheticRun.plan("run", SyntheticRun.card("decoder", 3, 3, 1, 5, 4, 700));

    @TempDir
    private Path store;

    /** A prompt that has got some of its layers. */
    private static final class InFlight {
        private final int prompt;
        private final PromptWriter writer;
        private int layers;

        InFlight(RunWriter run, int prompt) {
            this.prompt = prompt;
            this.writer = requireNonNull(SyntheticRun.begin(run, prompt, LENGTHS[prompt]));
        }

        boolean isWhole() {
            return layers == PLAN.model().layers();
        }

        /** Gives attention whole in one layer, two heads and then one in the next, and in the last some queries after the others. */
        void next() {
            int n = LENGTHS[prompt];
            SyntheticRun.layer(writer, PLAN, prompt, n, layers, 3 - layers, layers == 2 ? 101 : n);
            layers++;
        }
    }

    /** Gives layers of up to {@code most} prompts in turns that chance decides. */
    private void interleaved(RunWriter writer, int most, Random random) {
        Deque<InFlight> flight = new ArrayDeque<>();
        int next = writer.committedBefore();
        for (int prompt = 0; prompt < next; prompt++) {
            assertThat(SyntheticRun.begin(writer, prompt, LENGTHS[prompt])).isNull();
        }
        while (next < LENGTHS.length || !flight.isEmpty()) {
            if (next < LENGTHS.length && flight.size() < most) {
                flight.add(new InFlight(writer, next++));
                continue;
            }
            List<InFlight> open = new ArrayList<>(flight);
            open.removeIf(InFlight::isWhole);
            if (!open.isEmpty()) {
                open.get(random.nextInt(open.size())).next();
            }
            while (!flight.isEmpty() && flight.element().isWhole()) {
                flight.remove().writer.commit();
            }
        }
    }

    private List<FileEntry> files(Path folder) {
        try (Store opened = Store.open(folder)) {
            return opened.run("run").manifest().files();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void theFilesDoNotTellThatTheyWereInFlightTogether(int most) {
        SyntheticRun.write(store.resolve("alone"), PLAN, LENGTHS);
        Path together = store.resolve("together");
        try (RunWriter writer = RunWriter.create(together, PLAN, SyntheticRun.VOCABULARY)) {
            interleaved(writer, most, new Random(most));
            writer.finish();
        }
        assertThat(files(together)).isEqualTo(files(store.resolve("alone")));
        assertThat(Store.check(together)).allMatch(check -> check.problems().isEmpty());
        try (Store opened = Store.open(together)) {
            RunRoundTripTest.checkEverything(opened.run("run"), LENGTHS);
        }
    }

    /** After any prompt's commit the next is half written, beside it or waiting. */
    @Test
    void whatIsBegunAndNotCommittedIsDroppedAtAResume() {
        Path resumed = store.resolve("resumed");
        for (int committed = 0; committed < LENGTHS.length - 1; committed++) {
            try (RunWriter writer = RunWriter.create(resumed, PLAN, SyntheticRun.VOCABULARY, true)) {
                assertThat(writer.committedBefore()).isEqualTo(committed);
                for (int prompt = 0; prompt < committed; prompt++) {
                    SyntheticRun.begin(writer, prompt, LENGTHS[prompt]);
                }
                InFlight first = new InFlight(writer, committed);
                InFlight second = new InFlight(writer, committed + 1);
                while (!first.isWhole()) {
                    second.next();
                    first.next();
                }
                first.writer.commit();
                writer.drain();
            }
        }
        try (RunWriter writer = RunWriter.create(resumed, PLAN, SyntheticRun.VOCABULARY, true)) {
            interleaved(writer, 2, new Random(5));
            writer.finish();
        }
        SyntheticRun.write(store.resolve("alone"), PLAN, LENGTHS);
        assertThat(files(resumed)).isEqualTo(files(store.resolve("alone")));
    }

    @Test
    void theyAreCommittedInTheirOrder() {
        try (RunWriter writer = RunWriter.create(store, PLAN, SyntheticRun.VOCABULARY)) {
            SyntheticRun.begin(writer, 0, 3);
            InFlight second = new InFlight(writer, 1);
            assertThatThrownBy(second.writer::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("prompt 1 is committed after 0 prompts");
            assertThatThrownBy(writer::finish)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("prompt 0 was begun and not committed");
        }
        assertThat(store.resolve("runs")).isEmptyDirectory();
    }
}
