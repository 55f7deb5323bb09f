package dev.vitrine.server.http;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret that a client shows, as {@code Authorization: Bearer} or as the password of Basic, where the user name is not looked at. */
public final class Token {
    private static final int RANDOM_BYTES = 24;
    private static final int MIN_LENGTH = 16;

    private final byte[] secret;

    private Token(String secret) {
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** This secret; {@code INVALID_ARGUMENT} below 16 characters. */
    public static Token of(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the token has " + secret.length() + " characters; expected at least " + MIN_LENGTH);
        }
        return new Token(secret);
    }

    /** 192 random bits. */
    public static Token random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return new Token(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The secret itself, to be shown once. */
    public String reveal() {
        return new String(secret, StandardCharsets.UTF_8);
    }

    /** Whether an Authorization header shows it; takes as long for a wrong secret as for the right one. */
    boolean isShownBy(@Nullable String authorization) {
        if (authorization == null) {
            return false;
        }
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return matches(authorization.substring(7).trim());
        }
        if (authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return matches(password(authorization.substring(6).trim()));
        }
        return false;
    }

    private boolean matches(String shown) {
        return MessageDigest.isEqual(secret, shown.getBytes(StandardCharsets.UTF_8));
    }

    private static String password(String encoded) {
        String userAndPassword;
        try {
            userAndPassword = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
        return userAndPassword.substring(userAndPassword.indexOf(':') + 1);
    }
}
