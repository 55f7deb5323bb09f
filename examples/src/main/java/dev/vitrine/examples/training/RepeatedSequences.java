package dev.vitrine.examples.training;

import dev.vitrine.examples.gpt2.Gpt2Folder;
import java.util.Random;

/**
 * Random tokens that repeat: a block of {@code period} different tokens, again and again until the sequence is full, in half of the
 * sequences after an end-of-text token. The period is drawn anew for each sequence, so only a head that looks for the token's earlier
 * copy can tell what comes next; one that looks back a fixed distance cannot.
 */
final class RepeatedSequences {
    private final int firstToken;
    private final int[] tokens;
    private final int[] periods;
    private final Random random;

    /** Tokens are {@code firstToken} to {@code vocabulary - 1}; periods are at most their number. */
    RepeatedSequences(int firstToken, int vocabulary, int[] periods, long seed) {
        this.firstToken = firstToken;
        this.tokens = new int[vocabulary - firstToken];
        this.periods = periods.clone();
        this.random = new Random(seed);
    }

    /** Fills {@code ids} and returns the first position whose token has been seen before. */
    int fill(int[] ids) {
        int period = periods[random.nextInt(periods.length)];
        int start = random.nextInt(2);
        if (start == 1) {
            ids[0] = Gpt2Folder.END_OF_TEXT;
        }
        shuffle(period);
        for (int position = start; position < ids.length; position++) {
            ids[position] = tokens[(position - start) % period];
        }
        return start + period;
    }

    /** Puts a random choice without repetition into the first {@code count} tokens (Fisher and Yates). */
    private void shuffle(int count) {
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = firstToken + i;
        }
        for (int i = 0; i < count; i++) {
            int other = i + random.nextInt(tokens.length - i);
            int token = tokens[i];
            tokens[i] = tokens[other];
            tokens[other] = token;
        }
    }
}
