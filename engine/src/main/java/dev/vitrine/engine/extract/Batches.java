package dev.vitrine.engine.extract;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.BatchedPrompt;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.RunWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Puts prompts that follow each other into one forward pass as long as they are short, and passes that follow each other side by side
 * as long as they are of about one size and not the odd one at the end. All of that depends on the model, the prompts' lengths and
 * torch's threads alone, so that a run that was resumed with as many threads has the same numbers, bit for bit, as one that was not.
 */
final class Batches implements AutoCloseable {
    private record Running(Pass pass, CompletableFuture<Void> computed) {}

    private final TransformerModel model;
    /** Tokens of a pass at most; a longer prompt goes alone. */
    private final int passTokens;

    private final RunWriter writer;
    private final Progress progress;
    private final List<Prompt> prompts = new ArrayList<>();
    private int tokens;
    /** The pass before, which waits to see what follows. */
    private @Nullable Pass waiting;
    /** Passes side by side since one ran alone. */
    private int beside;

    private final Deque<Running> running = new ArrayDeque<>();

    Batches(TransformerModel model, RunWriter writer, Progress progress) {
        this.model = model;
        this.passTokens = model.passTokens();
        this.writer = writer;
        this.progress = progress;
    }

    /** Takes the next prompt; those before it are run first if it has no room beside them. */
    void add(Prompt prompt) {
        int length = prompt.tokens().length();
        if (tokens + length > passTokens) {
            endPass();
        }
        prompts.add(prompt);
        tokens += length;
        if (tokens >= passTokens) {
            endPass();
        }
    }

    private void endPass() {
        if (!prompts.isEmpty()) {
            follow(new Pass(prompts));
            prompts.clear();
            tokens = 0;
        }
    }

    /** Runs everything that was added. */
    void end() {
        endPass();
        follow(null);
        commit(0);
    }

    /** Runs the pass that waits, now that it is known what comes next. */
    private void follow(@Nullable Pass next) {
        Pass pass = waiting;
        waiting = next;
        if (pass == null) {
            return;
        }
        boolean another = next != null && model.sideBySide() && pass.isLike(next);
        boolean even = beside % 2 == 0;
        beside = another ? beside + 1 : 0;
        if (another || !even) {
            commit(1);
            List<BatchedPrompt> batch = pass.begin(writer);
            running.add(new Running(
                    pass, batch.isEmpty() ? CompletableFuture.completedFuture(null) : model.forwardBeside(batch)));
        } else {
            commit(0);
            model.forward(pass.begin(writer));
            pass.commit(progress);
        }
    }

    /**
     * Commits what has been computed, in order, and waits until no more than so many passes are computed beside this thread, and no more
     * than one is done that a slower one before it holds up: a kill would lose it too.
     */
    private void commit(int most) {
        try {
            while (!running.isEmpty()) {
                Running first = running.element();
                if (first.computed().isDone()) {
                    first.computed().get();
                    running.remove();
                    first.pass().commit(progress);
                    continue;
                }
                CompletableFuture<?>[] open = running.stream()
                        .map(Running::computed)
                        .filter(computed -> !computed.isDone())
                        .toArray(CompletableFuture<?>[]::new);
                if (most > 0 && open.length <= most && running.size() <= most + 1) {
                    return;
                }
                if (open.length > 0) {
                    CompletableFuture.anyOf(open).get();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VitrineException(ErrorCode.CANCELLED, "extraction was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof VitrineException known) {
                throw new VitrineException(known.code(), known.getMessage(), known);
            }
            throw new IllegalStateException("a forward pass failed: " + e.getCause(), e.getCause());
        }
    }

    /** Lets the writer refuse what is still computed, and waits until it is: nothing may be given to a writer that is closed. */
    @Override
    public void close() {
        if (!running.isEmpty()) {
            writer.cancel();
        }
        for (Running each : running) {
            each.computed().exceptionally(failure -> null).join();
        }
    }
}
