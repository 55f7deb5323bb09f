package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.sql.plan.CompiledQuery;
import dev.vitrine.sql.query.Deadline;
import dev.vitrine.sql.query.Query;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.sql.parser.SqlParseException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a condition rules out is not read, and neither is a column that nobody asked for. */
class PruningTest {
    @TempDir
    private static Path folder;

    private static Database database;

    @BeforeAll
    static void open() {
        SyntheticStore.write(folder);
        // Rows are what the tables themselves give; fused queries do not ask them for any.
        System.setProperty("vitrine.fusion", "off");
        database = Database.open(folder, false);
    }

    @AfterAll
    static void close() {
        database.close();
        System.clearProperty("vitrine.fusion");
    }

    /** alpha has 8 heads of 22 cells, beta 3 heads of 25. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | 251",
                "run = 'beta' | 75",
                "run in ('beta', 'nothing') | 75",
                "layer = 1 | 88",
                "layer > 0 | 88",
                "1 <= layer | 88",
                "layer <> 0 | 88",
                "layer >= 2 | 0",
                "layer = -1 | 0",
                "head = 3 and prompt = 1 | 2",
                "head between 1 and 2 and prompt = 1 | 4",
                "head in (0, 2) and prompt = 1 | 4",
                "(head = 0 or head = 2) and prompt = 1 | 4",
                "head not in (0, 2) and prompt = 1 | 4",
                "query_pos = 5 | 48",
                "query_pos = 5 and key_pos = 5 | 8",
                "key_pos < 1 and query_pos < 1 | 19",
                "run = 'beta' and head = 2 and query_pos = 4 and key_pos >= 3 | 2",
                "query_pos > 2.5 and query_pos < 3.5 | 47",
                "layer = null | 0",
            })
    void attentionReadsOnlyWhatTheConditionLeaves(String condition, long rows) throws SqlParseException {
        assertThat(read("select count(*) from attention where " + condition).rowsRead())
                .isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "queries where layer = 1 and pos = 0 | 8",
                "keys where run = 'beta' and head = 1 | 5",
                "value_vectors where prompt = 1 | 8",
                "hidden_states where site = 'attn_out' and pos = 4 | 3",
                "hidden_states where site in ('attn_out', 'resid_mid') and layer = 1 and prompt = 1 | 2",
                "neurons where neuron = 3 and pos = 0 | 5",
                "tokens where run = 'alpha' and pos = 0 | 2",
                "prompts where prompt = 1 | 1",
                "prompt_labels where name = 'other' | 0",
                "vocabulary where model = 'tiny-encoder' and token_id < 2 | 2",
                "heads where head = 3 | 2",
                "models where model = 'tiny-decoder' | 1",
                "runs where run = 'alpha' | 1",
            })
    void everyTableReadsOnlyWhatTheConditionLeaves(String from, long rows) throws SqlParseException {
        assertThat(read("select count(*) from " + from).rowsRead()).isEqualTo(rows);
    }

    @Test
    void aParameterPrunesAsALiteralDoes() throws SqlParseException {
        String sql = "select count(*) from attention where run = ? and layer = ? and query_pos <= ?";
        assertThat(read(sql, "alpha", 1, 0).rowsRead()).isEqualTo(8);
        assertThat(read(sql, "beta", 0, 1).rowsRead()).isEqualTo(30);
        assertThat(read(sql, null, 1, 0).rowsRead()).isZero();
    }

    @Test
    void aConditionOnOneSideOfAJoinPrunesTheOther() throws SqlParseException {
        String sql = "select count(*) from queries q join keys k using (run, prompt, layer, head)"
                + " where layer = 1 and head = 2 and q.pos = 0";
        // 2 queries of the two prompts; 7 keys
        assertThat(read(sql).rowsRead()).isEqualTo(2 + 7);
    }

    @Test
    void aViewPrunesAsItsTableDoes() throws SqlParseException {
        String sql = "select count(*) from (select * from attention) a where a.layer = 1 and a.prompt = 1";
        assertThat(read(sql).rowsRead()).isEqualTo(4);
    }

    @Test
    void vectorsAndWeightsAreReadOnlyWhereAskedFor() throws SqlParseException {
        assertThat(read("select pos from queries").floatsRead()).isZero();
        assertThat(read("select count(*) from queries").floatsRead()).isZero();
        assertThat(read("select count(*) from hidden_states where pos > 2").floatsRead())
                .isZero();
        assertThat(read("select max(key_pos - query_pos) from attention").floatsRead())
                .isZero();
        assertThat(read("select count(*) from neurons where neuron = 1").floatsRead())
                .isZero();
        assertThat(read("select sum(neuron) from neurons where neuron = 1").floatsRead())
                .isZero();

        assertThat(read("select vector from queries where run = 'alpha' and pos = 5")
                        .floatsRead())
                .isEqualTo(8 * 2);
        // A row of weights is read once, whichever of its keys are wanted
        assertThat(
                        read("select weight from attention where run = 'alpha' and prompt = 0 and query_pos = 5 and key_pos < 2")
                                .floatsRead())
                .isEqualTo(8 * 6);
    }

    @Test
    void rowsAreReadAsTheyAreAskedFor() throws SqlParseException {
        Query query = begin("select weight from attention");
        try (Enumerator<@Nullable Object> rows =
                ((CompiledQuery) database.compile("select weight from attention", false)).rows(query)) {
            assertThat(rows.moveNext()).isTrue();
        }
        assertThat(query.rowsRead()).isEqualTo(1);
    }

    private static Query begin(String sql, @Nullable Object... parameters) throws SqlParseException {
        List<@Nullable Object> values = new ArrayList<>(Arrays.asList(parameters));
        return database.begin(database.compile(sql, false), values, Deadline.in(Duration.ZERO, new AtomicBoolean()));
    }

    private static Query read(String sql, @Nullable Object... parameters) throws SqlParseException {
        Query query = begin(sql, parameters);
        try (Enumerator<@Nullable Object> rows = ((CompiledQuery) database.compile(sql, false)).rows(query)) {
            while (rows.moveNext()) {
                rows.current();
            }
        }
        return query;
    }
}
