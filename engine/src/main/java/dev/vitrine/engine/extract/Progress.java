package dev.vitrine.engine.extract;

import java.io.PrintStream;
import java.util.Locale;

/** Tells how far an extraction is: prompts, tokens per second and the time left. One thread calls. */
public final class Progress {
    private static final long NANOS = 1_000_000_000L;

    private final PrintStream out;
    private final boolean rewrite;
    private final long interval;
    private long begun;
    private long shown;
    private int prompts;
    private long tokens;
    private long tokensBefore;
    private int allPrompts;
    private long allTokens;

    private Progress(PrintStream out, boolean rewrite, long interval) {
        this.out = out;
        this.rewrite = rewrite;
        this.interval = interval;
    }

    /** One line that is written over, five times a second, for a terminal. */
    public static Progress line(PrintStream out) {
        return new Progress(out, true, NANOS / 5);
    }

    /** A line every ten seconds and one at the end, for a log. */
    public static Progress log(PrintStream out) {
        return new Progress(out, false, 10 * NANOS);
    }

    /** Says nothing. */
    public static Progress silent() {
        return new Progress(new PrintStream(PrintStream.nullOutputStream()), false, Long.MAX_VALUE);
    }

    void begin(Survey survey) {
        begun = System.nanoTime();
        shown = begun;
        allPrompts = survey.prompts();
        allTokens = survey.tokens();
    }

    /** Counts a prompt; one that was done before says nothing of the speed. */
    void add(int promptTokens, boolean done) {
        prompts++;
        tokens += promptTokens;
        tokensBefore += done ? 0 : promptTokens;
        long now = System.nanoTime();
        if (now - shown >= interval) {
            shown = now;
            show(status(now));
        }
    }

    void end() {
        show(status(System.nanoTime()));
        if (rewrite) {
            out.println();
        }
    }

    private String status(long now) {
        double seconds = (now - begun) / (double) NANOS;
        double speed = seconds == 0 ? 0 : (tokens - tokensBefore) / seconds;
        long left = speed == 0 ? 0 : Math.round((allTokens - tokens) / speed);
        return String.format(
                Locale.ROOT,
                "%,d of %,d prompts, %,d of %,d tokens, %,.0f tokens/s, %s",
                prompts,
                allPrompts,
                tokens,
                allTokens,
                speed,
                tokens == allTokens ? clock(Math.round(seconds)) + " in all" : clock(left) + " left");
    }

    private static String clock(long seconds) {
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    private void show(String status) {
        if (rewrite) {
            // Erases what a longer line before left behind (ECMA-48, erase in line).
            out.print("\r" + status + "\u001B[K");
            out.flush();
        } else {
            out.println(status);
        }
    }
}
