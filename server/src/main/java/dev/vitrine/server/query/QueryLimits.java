package dev.vitrine.server.query;

import java.time.Duration;

/**
 * What one server gives to its queries.
 *
 * @param timeout longest time from arrival to the last row, waiting included
 * @param rows most rows of one result; a query that has more fails
 * @param bytes most bytes of one result as it is sent; a query that has more fails
 * @param concurrent queries that run at once
 * @param queued queries that wait for one of those to end; the next is refused
 * @param sqlLength longest statement, in characters
 */
public record QueryLimits(Duration timeout, long rows, long bytes, int concurrent, int queued, int sqlLength) {
    /** 60 seconds, a million rows, 256 MiB, 8 at once, 32 waiting, 64 K characters. */
    public static final QueryLimits DEFAULT =
            new QueryLimits(Duration.ofSeconds(60), 1_000_000, 256L << 20, 8, 32, 64 << 10);

    /** These limits with another timeout. */
    public QueryLimits withTimeout(Duration other) {
        return new QueryLimits(other, rows, bytes, concurrent, queued, sqlLength);
    }

    /** These limits with another number of rows. */
    public QueryLimits withRows(long other) {
        return new QueryLimits(timeout, other, bytes, concurrent, queued, sqlLength);
    }
}
