package dev.vitrine.engine.extract;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TokenizedPrompt;
import dev.vitrine.engine.model.Tokenizer;
import dev.vitrine.engine.model.TransformerModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of random tokens that come again, which show the heads that look for an earlier copy.
 *
 * <p>A block of {@code length} different tokens, drawn anew for every trial, is followed by another copy ({@link Kind}). Drawn are
 * tokens that are neither special nor reserved. In a decoder the sequence begins with what its tokenizer puts in front of a text, often
 * nothing. In an encoder it begins with the separator token, and one token of the second copy is replaced by the mask token: the score
 * of a head is what it attends from there to the target.
 *
 * <p>Every prompt has labels; positions count from 0 at the front of the prompt: {@code kind}, {@code trial}, {@code period} (the
 * block's length), {@code start} (tokens before the first copy), and in encoders {@code mask} and the targets that its kind names.
 *
 * <p>Source: the repeated-random-tokens task of github.com/chenxcynthia, "Induction Maps RRT Task.ipynb". Three things differ. There
 * the mask of a standard prompt stands one token too early, so that it may fall on the last token of the first copy and its targets on
 * position −1; and a shuffled prompt's neighbours may lie outside of a copy. Here the mask stands where all targets exist. There tokens
 * are drawn with repetition and may be special ones; here each occurs once per copy, so its earlier copy is one position.
 */
public final class RepeatedRandomTokens implements PromptSource {
    /** What follows the block. */
    public enum Kind {
        /**
         * The same block. Targets in an encoder: {@code previous}, where the masked token stood in the first copy, and {@code before}
         * and {@code after}, the positions beside it.
         */
        STANDARD,
        /**
         * The block's tokens in random order. Targets in an encoder: {@code left_target}, the position after the one in the first copy
         * that holds the token left of the mask, and {@code right_target}, the position before the one that holds the token right of
         * it.
         */
        SHUFFLED,
        /**
         * The same block twice, with the mask in the first of the two; only in encoders. Targets: {@code previous} and {@code next},
         * where the masked token stands in the copies before and after.
         */
        BIDIRECTIONAL
    }

    private static final List<String> MASKS = List.of("[MASK]", "<mask>");
    private static final Pattern RESERVED = Pattern.compile("[\\[<](unused\\d+|unk|UNK)[]>]");

    private final Kind kind;
    private final int length;
    private final int trials;
    private final long seed;

    private RepeatedRandomTokens(Kind kind, int length, int trials, long seed) {
        this.kind = kind;
        this.length = length;
        this.trials = trials;
        this.seed = seed;
    }

    /**
     * The generator; the same arguments give the same prompts for the same tokenizer.
     *
     * @param length tokens in the block, 3 or more
     * @param trials number of prompts
     */
    public static RepeatedRandomTokens of(Kind kind, int length, int trials, long seed) {
        if (length < 3 || trials < 1) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "repeated random tokens: length " + length + " and trials " + trials
                            + "; expected a length of at least 3 and at least 1 trial");
        }
        return new RepeatedRandomTokens(kind, length, trials, seed);
    }

    @Override
    public String name() {
        return "rrt-" + label();
    }

    @Override
    public @Nullable Long seed() {
        return seed;
    }

    private String label() {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void forEach(TransformerModel model, Consumer<Prompt> action) {
        boolean causal = model.card().causal();
        if (causal && kind == Kind.BIDIRECTIONAL) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "bidirectional repeated random tokens need a model that sees what follows; "
                            + model.card().name() + " is a decoder");
        }
        Tokenizer tokenizer = model.tokenizer();
        TokenizedPrompt probe = tokenizer.encode("a");
        long[] start = causal ? leading(probe) : trailing(probe);
        long mask = causal ? -1 : mask(model);
        long[] words = words(tokenizer, model);
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < trials; trial++) {
            draw(words, random);
            Map<String, String> labels = new LinkedHashMap<>();
            labels.put("kind", label());
            labels.put("trial", Integer.toString(trial));
            labels.put("period", Integer.toString(length));
            labels.put("start", Integer.toString(start.length));
            long[] ids = sequence(start, words, random);
            if (!causal) {
                hide(ids, start.length, mask, labels, random);
            }
            action.accept(new Prompt(
                    tokenizer.decode(ids), tokenizer.ofIds(ids), labels, "repeated random tokens, trial " + trial));
        }
    }

    /** Moves a random choice without repetition to the front (Fisher and Yates); any order before it gives a uniform one after. */
    private void draw(long[] words, SplittableRandom random) {
        for (int i = 0; i < length; i++) {
            swap(words, i, random.nextInt(i, words.length));
        }
    }

    private long[] sequence(long[] start, long[] block, SplittableRandom random) {
        int copies = kind == Kind.BIDIRECTIONAL ? 3 : 2;
        long[] ids = new long[start.length + copies * length];
        System.arraycopy(start, 0, ids, 0, start.length);
        for (int copy = 0; copy < copies; copy++) {
            System.arraycopy(block, 0, ids, start.length + copy * length, length);
        }
        if (kind == Kind.SHUFFLED) {
            shuffle(ids, start.length + length, random);
        }
        return ids;
    }

    private void shuffle(long[] ids, int from, SplittableRandom random) {
        for (int i = 0; i < length - 1; i++) {
            swap(ids, from + i, from + random.nextInt(i, length));
        }
    }

    /** Masks a token of the second copy and labels the targets. */
    private void hide(long[] ids, int first, long mask, Map<String, String> labels, SplittableRandom random) {
        int second = first + length;
        int masked;
        switch (kind) {
            case STANDARD -> {
                int at = random.nextInt(1, length - 1);
                masked = second + at;
                label(labels, "previous", first + at);
                label(labels, "before", first + at - 1);
                label(labels, "after", first + at + 1);
            }
            case SHUFFLED -> {
                masked = second + random.nextInt(1, length - 1);
                int left = indexOf(ids, first, ids[masked - 1]) + 1;
                int right = indexOf(ids, first, ids[masked + 1]) - 1;
                // The block's last token has none after it, its first none before it.
                while (left == second || right < first) {
                    shuffle(ids, second, random);
                    left = indexOf(ids, first, ids[masked - 1]) + 1;
                    right = indexOf(ids, first, ids[masked + 1]) - 1;
                }
                label(labels, "left_target", left);
                label(labels, "right_target", right);
            }
            case BIDIRECTIONAL -> {
                int at = random.nextInt(length);
                masked = second + at;
                label(labels, "previous", first + at);
                label(labels, "next", second + length + at);
            }
            default -> throw new IllegalStateException(kind.toString());
        }
        label(labels, "mask", masked);
        ids[masked] = mask;
    }

    private static void label(Map<String, String> labels, String name, int position) {
        labels.put(name, Integer.toString(position));
    }

    private static int indexOf(long[] ids, int from, long id) {
        int at = from;
        while (ids[at] != id) {
            at++;
        }
        return at;
    }

    private static void swap(long[] ids, int a, int b) {
        long id = ids[a];
        ids[a] = ids[b];
        ids[b] = id;
    }

    /** What the tokenizer puts in front of a text. */
    private static long[] leading(TokenizedPrompt probe) {
        int special = 0;
        while (special < probe.length() && probe.special()[special]) {
            special++;
        }
        return Arrays.copyOf(probe.ids(), special);
    }

    /** The separator: the last token that the tokenizer puts behind a text. */
    private static long[] trailing(TokenizedPrompt probe) {
        int last = probe.length() - 1;
        return probe.special()[last] ? new long[] {probe.ids()[last]} : new long[0];
    }

    private static long mask(TransformerModel model) {
        List<String> vocabulary = model.tokenizer().vocabulary();
        for (String mask : MASKS) {
            int id = vocabulary.indexOf(mask);
            if (id >= 0) {
                return id;
            }
        }
        throw new VitrineException(
                ErrorCode.INVALID_ARGUMENT,
                "repeated random tokens need a mask token; model "
                        + model.card().name() + " has none of " + MASKS);
    }

    private long[] words(Tokenizer tokenizer, TransformerModel model) {
        int size = Math.min(tokenizer.size(), model.card().vocabSize());
        long[] all = IntStream.range(0, size).asLongStream().toArray();
        boolean[] special = tokenizer.ofIds(all).special();
        long[] words = IntStream.range(0, size)
                .filter(id -> !special[id]
                        && !tokenizer.token(id).isEmpty()
                        && !RESERVED.matcher(tokenizer.token(id)).matches())
                .asLongStream()
                .toArray();
        if (words.length < length) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "repeated random tokens: length " + length + "; model "
                            + model.card().name() + " has only " + words.length
                            + " tokens to draw different ones from");
        }
        return words;
    }
}
