package dev.vitrine.engine.model;

/** One prompt as tokens, special tokens included. The arrays all have {@link #length} entries and must not be changed. */
public final class TokenizedPrompt {
    private final long[] ids;
    private final String[] tokens;
    private final boolean[] special;

    /** A prompt of these tokens; the arrays are kept. */
    public TokenizedPrompt(long[] ids, String[] tokens, boolean[] special) {
        this.ids = ids;
        this.tokens = tokens;
        this.special = special;
    }

    /** Token ids: rows of the embedding matrix. */
    public long[] ids() {
        return ids;
    }

    /** The tokens as the vocabulary spells them, e.g. {@code Ġcat}, {@code ##at}, {@code <0xE7>}. */
    public String[] tokens() {
        return tokens;
    }

    /** True for tokens that are not text: those the tokenizer added, e.g. {@code [CLS]}. */
    public boolean[] special() {
        return special;
    }

    /** The number of tokens. */
    public int length() {
        return ids.length;
    }
}
