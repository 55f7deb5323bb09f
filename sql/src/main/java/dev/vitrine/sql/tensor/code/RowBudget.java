package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.tensor.Pipeline;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.linq4j.Enumerable;

/**
 * How many rows of tensors may go one by one to an operator that is not fused, in a statement: system property {@code
 * vitrine.rowBudget}, 50 million if not set.
 */
final class RowBudget {
    private static final long ROWS = 50_000_000;

    private RowBudget() {}

    static Enumerable<Object[]> limit(Enumerable<Object[]> rows, Pipeline pipeline, String consumer) {
        long budget = Long.getLong("vitrine.rowBudget", ROWS);
        AtomicLong count = new AtomicLong();
        return rows.where(row -> {
            if (count.incrementAndGet() > budget) {
                throw exceeded(pipeline, consumer, budget);
            }
            return true;
        });
    }

    private static VitrineException exceeded(Pipeline pipeline, String consumer, long budget) {
        String table = pipeline.nest().operands().get(0).tensor().table();
        return new VitrineException(
                ErrorCode.LIMIT_EXCEEDED,
                "rows of " + table + " go one by one to " + consumer + ", and there are more than the " + budget
                        + " that system property vitrine.rowBudget allows; add conditions on run, prompt, layer, head or position,"
                        + " aggregate " + table + " in a subquery first, or see EXPLAIN PLAN FOR what is not fused");
    }
}
