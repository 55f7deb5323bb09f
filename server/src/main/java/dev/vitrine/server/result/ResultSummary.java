package dev.vitrine.server.result;

import java.time.Duration;
import java.util.List;

/**
 * What is known at the end of a result.
 *
 * @param rows written
 * @param truncated whether there were more than the caller asked for
 * @param elapsed from the query's arrival to its last row
 * @param warnings what there is to say of the query beside its rows
 */
public record ResultSummary(long rows, boolean truncated, Duration elapsed, List<String> warnings) {}
