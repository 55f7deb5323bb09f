package dev.vitrine.engine.model;

import dev.vitrine.engine.model.architecture.Embedding;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Prompts of one forward pass, their tokens one after the other in the rows of every activation and nothing between them. Those of one
 * length lie together: their attention is computed together.
 */
final class PackedPrompts {
    /**
     * Prompts of one length.
     *
     * @param from the row of the first one's first token
     * @param n tokens of each
     */
    record Group(int from, int n, List<ActivationSink> sinks) {
        int prompts() {
            return sinks.size();
        }

        int rows() {
            return n * prompts();
        }
    }

    private final List<BatchedPrompt> prompts;
    private final List<Group> groups = new ArrayList<>();
    private final int rows;

    PackedPrompts(List<BatchedPrompt> batch) {
        prompts = batch.stream()
                .sorted(Comparator.comparingInt(prompt -> prompt.tokenIds().length))
                .toList();
        int row = 0;
        int first = 0;
        for (int next = 1; next <= prompts.size(); next++) {
            int n = prompts.get(first).tokenIds().length;
            if (next == prompts.size() || prompts.get(next).tokenIds().length != n) {
                List<BatchedPrompt> same = prompts.subList(first, next);
                groups.add(
                        new Group(row, n, same.stream().map(BatchedPrompt::sink).toList()));
                row += n * same.size();
                first = next;
            }
        }
        rows = row;
    }

    List<Group> groups() {
        return groups;
    }

    /** Tokens in all. */
    int rows() {
        return rows;
    }

    /** Token ids of all rows. */
    long[] ids() {
        return packed(BatchedPrompt::tokenIds);
    }

    /** Rows of the position table for all rows; every prompt begins anew. */
    long[] positions(Embedding.Positions positions) {
        return packed(prompt -> positions.rows(prompt.tokenIds()));
    }

    private long[] packed(Function<BatchedPrompt, long[]> part) {
        long[] all = new long[rows];
        int at = 0;
        for (BatchedPrompt prompt : prompts) {
            long[] of = part.apply(prompt);
            System.arraycopy(of, 0, all, at, of.length);
            at += of.length;
        }
        return all;
    }
}
