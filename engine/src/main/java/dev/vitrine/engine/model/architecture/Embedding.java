package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.Nullable;

/**
 * From token ids to the first residual stream: tokens · scale, then {@code inputProjection}, then positions and token type 0 are
 * added, then {@code norm}, then {@code projection}.
 *
 * @param scale factor on the token's row
 * @param inputProjection before positions are added (OPT), or null
 * @param positions null for rotary models
 * @param tokenTypes row 0 is added to every token; null where there are none
 * @param projection after the norm (ALBERT, ELECTRA), or null
 */
public record Embedding(
        Table tokens,
        double scale,
        @Nullable Linear inputProjection,
        @Nullable Positions positions,
        @Nullable Table tokenTypes,
        @Nullable Norm norm,
        @Nullable Linear projection) {

    /** Token rows and nothing else. */
    static Embedding of(Table tokens) {
        return new Embedding(tokens, 1, null, null, null, null, null);
    }

    /** Token rows and position rows. */
    static Embedding of(Table tokens, Positions positions) {
        return new Embedding(tokens, 1, null, positions, null, null, null);
    }

    /**
     * Learned positions.
     *
     * @param offset the row of the first token
     * @param padding a token id that takes no position of its own but row {@code offset - 1} (RoBERTa); -1 for none
     */
    public record Positions(Table table, int offset, int padding) {
        static Positions fromZero(String name, int rows, int columns) {
            return new Positions(new Table(name, rows, columns), 0, -1);
        }

        /** The row of each token. */
        public long[] rows(long[] ids) {
            long[] rows = new long[ids.length];
            long next = offset;
            for (int i = 0; i < ids.length; i++) {
                rows[i] = ids[i] == padding ? offset - 1 : next++;
            }
            return rows;
        }
    }
}
