package dev.vitrine.engine.store;

/** How many tokens each prompt of a run has, and where each prompt's rows and numbers begin. */
final class PromptLengths {
    private final int[] tokens;
    /** Tokens of all prompts before. */
    private final long[] before;

    private final int longest;

    PromptLengths(int[] tokens) {
        this.tokens = tokens;
        this.before = new long[tokens.length + 1];
        int max = 0;
        for (int i = 0; i < tokens.length; i++) {
            before[i + 1] = before[i] + tokens[i];
            max = Math.max(max, tokens[i]);
        }
        this.longest = max;
    }

    int prompts() {
        return tokens.length;
    }

    int tokens(int prompt) {
        return tokens[prompt];
    }

    int longest() {
        return longest;
    }

    /** Tokens of the prompts before; of the prompt after the last, of all. */
    long before(int prompt) {
        return before[prompt];
    }

    /** Numbers that one tile has in the prompts before, for each prompt and for the one after the last. */
    long[] tileNumbersBefore(TensorTable table) {
        long[] numbers = new long[tokens.length + 1];
        for (int i = 0; i < tokens.length; i++) {
            numbers[i + 1] = numbers[i] + table.tileNumbers(tokens[i]);
        }
        return numbers;
    }

    /** The prompt in which a token, counted over all prompts, stands. */
    int promptOf(long token) {
        int low = 0;
        int high = tokens.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (before[middle] <= token) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
