package dev.vitrine.sql.plan;

import dev.vitrine.sql.functions.FunctionOperators;
import dev.vitrine.sql.table.StoreSchema;
import dev.vitrine.udfs.FunctionCatalog;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.util.SqlOperatorTables;

/**
 * Compiles a few statements over a store without runs, once per process and on a thread of its own. Most of a first statement's time
 * goes into loading classes; here that happens while the store is being opened.
 */
public final class WarmUp {
    private static final List<String> STATEMENTS = List.of(
            "SELECT layer, head, AVG(weight) FROM attention WHERE prompt = 0 GROUP BY layer, head ORDER BY 3 DESC LIMIT 5",
            "SELECT run, prompts FROM runs WHERE prompts > 1",
            "SELECT t.token, SUM(a.weight) FROM attention a JOIN tokens t ON t.run = a.run AND t.prompt = a.prompt AND t.pos ="
                    + " a.key_pos WHERE a.layer = 0 GROUP BY t.token");

    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private WarmUp() {}

    /** Begins unless it has begun before, and does not wait. */
    public static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(WarmUp::run, "vitrine-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void run() {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false);
        root.add("vitrine", new StoreSchema(List::of));
        Catalog catalog = new Catalog(
                root, SqlOperatorTables.chain(Dialect.OPERATORS, FunctionOperators.of(FunctionCatalog.load())));
        for (String statement : STATEMENTS) {
            try {
                Planning planning = new Planning(catalog);
                Compiler.compile(planning, planning.convert(Planning.parse(statement)));
            } catch (SqlParseException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
