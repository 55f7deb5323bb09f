package dev.vitrine.server.http;

import dev.vitrine.server.result.ResultSummary;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of one answer. {@code X-Truncated} and {@code X-Rows} are headers where the whole answer was held back, so that it has a
 * Content-Length too, and trailers after the last chunk where it was not.
 */
final class Answer {
    private final Context ctx;
    private final ResultFormat format;
    private final ClientConnection client;
    private @Nullable ResultSummary summary;

    Answer(Context ctx, ResultFormat format, ClientConnection client) {
        this.ctx = ctx;
        this.format = format;
        this.client = client;
    }

    /** Says what was counted, once it is. */
    void ended(ResultSummary end) {
        summary = end;
    }

    /** Sends the head; gives the stream of the body. */
    OutputStream begin(int heldBytes) {
        ctx.status(200).contentType(format.contentType());
        if (client.mustClose()) {
            ctx.header("Connection", "close");
        }
        ResultSummary end = summary;
        if (end != null) {
            counts(end).forEach(ctx::header);
            ctx.res().setContentLength(heldBytes);
        } else {
            ctx.header("Trailer", "X-Rows, X-Truncated");
            ctx.res().setTrailerFields(() -> summary == null ? Map.of() : counts(summary));
        }
        try {
            return ctx.res().getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException("the answer could not be begun", e);
        }
    }

    private static Map<String, String> counts(ResultSummary end) {
        return Map.of("X-Rows", Long.toString(end.rows()), "X-Truncated", Boolean.toString(end.truncated()));
    }
}
