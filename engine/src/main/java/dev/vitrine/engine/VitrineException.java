package dev.vitrine.engine;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of Vitrine. Its message names the subject, the value found, what was expected and the place, so that it can be
 * shown to a user as it stands.
 */
public final class VitrineException extends RuntimeException {
    private final ErrorCode code;

    public VitrineException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public VitrineException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** What kind of failure this is. */
    public ErrorCode code() {
        return code;
    }

    /** The message, which is never null here. */
    @Override
    public String getMessage() {
        String message = super.getMessage();
        return message == null ? code.name() : message;
    }
}
