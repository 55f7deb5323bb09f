package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.calcite.linq4j.Enumerable;

/**
 * How many rows of tensors may go one by one to an operator that is not fused, in a statement: system property {@code
 * vitrine.rowBudget}, 50 million if not set.
 */
final class RowBudget {
    private static final long ROWS = 50_000_000;

    private RowBudget() {}

    /** @param unfused which rows go where, as a clause */
    static Enumerable<Object[]> limit(Enumerable<Object[]> rows, String unfused) {
        long budget = Long.getLong("vitrine.rowBudget", ROWS);
        AtomicLong count = new AtomicLong();
        return rows.where(row -> {
            if (count.incrementAndGet() > budget) {
                throw exceeded(unfused, budget);
            }
            return true;
        });
    }

    private static VitrineException exceeded(String unfused, long budget) {
        return new VitrineException(
                ErrorCode.LIMIT_EXCEEDED,
                unfused + "; there are more of them than the " + budget
                        + " that system property vitrine.rowBudget allows; add conditions on run, prompt, layer, head or"
                        + " position, or aggregate in a subquery first; EXPLAIN PLAN FOR shows what is not fused");
    }
}
