package dev.vitrine.sql.tensor;

import dev.vitrine.sql.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The stores that random queries run on: different in shape, each with workspace tables full of gaps. */
enum RandomStore {
    /** Three runs of different shapes, one of which keeps only some layers. */
    MIXED(100) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 2, 4, 2, 7, 1, 12),
                    RandomRun.of("beta", false, 1, 2, 2, 5, 3),
                    RandomRun.of("gamma", true, 3, 2, 1, 4).withLayers(0, 2));
        }
    },
    /** One token, one head; a run without prompts; one that is a little larger. */
    SMALL(200) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 1, 1, 1, 1),
                    RandomRun.of("beta", false, 2, 3, 1),
                    RandomRun.of("gamma", true, 2, 3, 3, 2, 3));
        }
    },
    /** Rows long enough for unrolled loops. */
    LONG(300) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 1, 2, 1, 70, 2),
                    RandomRun.of("beta", false, 2, 1, 1, 9).withLayers(1));
        }
    },
    /** Attention that is computed from queries and keys. */
    DERIVED(400) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 2, 2, 1, 6, 9).derived(), RandomRun.of("beta", false, 1, 2, 2, 4));
        }
    },
    /** NaN, which DuckDB compares in its own way; a run without prompts, one of one token. */
    NAN(600) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 2, 3, 1, 1, 8).withOdd(Float.NaN),
                    RandomRun.of("beta", true, 1, 1, 1),
                    RandomRun.of("gamma", false, 1, 2, 1, 17).withOdd(Float.NaN, Float.POSITIVE_INFINITY));
        }
    },
    /** Infinite weights; some expressions make NaN of them. */
    ODD(500) {
        @Override
        List<RandomRun> runs() {
            return List.of(
                    RandomRun.of("alpha", true, 2, 2, 1, 9, 3)
                            .withOdd(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY),
                    RandomRun.of("beta", false, 1, 2, 2, 70).withOdd(Float.NEGATIVE_INFINITY));
        }
    };

    private final long seed;

    RandomStore(long seed) {
        this.seed = seed;
    }

    abstract List<RandomRun> runs();

    /** Whether weights or what is computed of them may be NaN. */
    boolean hasNan() {
        return this == NAN || this == ODD;
    }

    void write(Path store) throws SQLException {
        long next = seed;
        for (RandomRun run : runs()) {
            run.write(store, next++);
        }
        try (Database database = Database.open(store, true);
                Connection connection = database.connect(false);
                Statement statement = connection.createStatement()) {
            for (String sql : workspace()) {
                statement.execute(sql);
            }
        }
    }

    /** Statements that make the workspace, which Vitrine and DuckDB understand alike. */
    List<String> workspace() {
        RandomChoice choose = new RandomChoice(seed);
        List<String> sql = new ArrayList<>(List.of(
                "CREATE TABLE workspace.notes (run VARCHAR, prompt INTEGER, label VARCHAR, score DECIMAL(6,2), grade DOUBLE,"
                        + " flag BOOLEAN, number INTEGER)",
                "CREATE TABLE workspace.marks (layer INTEGER, head INTEGER, name VARCHAR, big BIGINT)",
                "CREATE TABLE workspace.words (word VARCHAR, amount DECIMAL(8,3))"));
        for (int i = 0; i < 8; i++) {
            sql.add("INSERT INTO workspace.notes VALUES ("
                    + choose.of("'alpha'", "'beta'", "'gamma'", "'other'", "NULL")
                    + ", " + choose.of("0", "1", "2", "9", "NULL") + ", " + choose.of("'x'", "'cat'", "''", "NULL")
                    + ", "
                    + choose.of("1.25", "-0.50", "3.00", "NULL") + ", " + choose.of("0.5e0", "-2.25e0", "NULL") + ", "
                    + choose.of("TRUE", "FALSE", "NULL") + ", " + choose.of("0", "1", "-3", "NULL") + ")");
            sql.add("INSERT INTO workspace.marks VALUES (" + choose.of("0", "1", "2", "-1", "NULL") + ", "
                    + choose.of("0", "1", "3", "NULL") + ", " + choose.of("'name'", "'é'", "NULL") + ", "
                    + choose.of("1", "-4", "5000000000", "NULL") + ")");
        }
        for (String word : List.of("'cat'", "'the'", "'é'", "'cat'", "NULL")) {
            sql.add("INSERT INTO workspace.words VALUES (" + word + ", " + choose.of("1.125", "0.500", "NULL") + ")");
        }
        return sql;
    }
}
