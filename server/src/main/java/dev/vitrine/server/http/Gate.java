package dev.vitrine.server.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in requests that were meant for this server and show its token. A page on the web can make a browser call loopback, under a name
 * of its own that resolves to 127.0.0.1 (DNS rebinding), so Host has to name loopback; and Origin, where a browser sends it, has to be
 * this very server. No answer carries a CORS header.
 */
public final class Gate {
    /** The one route that needs no token. */
    public static final String HEALTH = "/v1/health";
    /** The route that checks the token itself, for JDBC clients show only their own protocol's errors. */
    public static final String AVATICA = "/avatica";

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Token token;

    public Gate(Token token) {
        this.token = token;
    }

    /** Throws 403 for a foreign Host or Origin, and 401 without the token wherever that is not the route's own matter. */
    public void check(Context ctx) {
        checkSender(ctx);
        if (!ctx.path().equals(HEALTH) && !ctx.path().equals(AVATICA)) {
            checkToken(ctx);
        }
    }

    private static void checkSender(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("Cache-Control", "no-store");
        String host = ctx.header("Host");
        if (host == null || !LOOPBACK.contains(name(host))) {
            throw new HttpResponseException(
                    HttpStatus.FORBIDDEN.getCode(),
                    "Host '" + host + "' is not this server; expected localhost, 127.0.0.1 or [::1]");
        }
        String origin = ctx.header("Origin");
        if (origin != null && !isHere(origin, host)) {
            throw new HttpResponseException(
                    HttpStatus.FORBIDDEN.getCode(),
                    "Origin '" + origin + "' is not this server; expected http://" + host);
        }
    }

    /** Throws 401 without the token. */
    public void checkToken(Context ctx) {
        if (!isAuthorized(ctx)) {
            ctx.header("WWW-Authenticate", "Basic realm=\"vitrine\", charset=\"UTF-8\"");
            throw new HttpResponseException(
                    HttpStatus.UNAUTHORIZED.getCode(),
                    ctx.header("Authorization") == null
                            ? "no token; expected Authorization: Bearer TOKEN, or Basic with the token as password"
                            : "the token is not the one that this server was started with");
        }
    }

    /** Whether the request shows the token. */
    public boolean isAuthorized(Context ctx) {
        return token.isShownBy(ctx.header("Authorization"));
    }

    private static String name(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int port = lower.lastIndexOf(':');
        return port > lower.lastIndexOf(']') ? lower.substring(0, port) : lower;
    }

    private static boolean isHere(String origin, @Nullable String host) {
        try {
            return URI.create(origin).equals(URI.create("http://" + host));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
