package dev.vitrine.server.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads a body up to a limit, whether or not the request says its length. */
public final class RequestBody {
    private RequestBody() {}

    /** The whole body; 413 beyond the limit. */
    public static byte[] read(Context ctx, int limit) {
        byte[] body;
        try {
            body = ctx.bodyInputStream().readNBytes(limit + 1);
        } catch (IOException e) {
            throw new UncheckedIOException("the request could not be read", e);
        }
        if (body.length > limit) {
            throw new HttpResponseException(
                    HttpStatus.CONTENT_TOO_LARGE.getCode(),
                    "the request has more than " + limit + " bytes; expected a shorter statement or fewer parameters");
        }
        return body;
    }
}
