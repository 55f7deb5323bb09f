package dev.vitrine.server.cli;

import dev.vitrine.engine.ErrorCode;

/** What the process tells its caller. */
final class ExitCodes {
    static final int OK = 0;
    /** A query or its data is wrong. */
    static final int FAILED = 1;
    /** The command line is wrong. */
    static final int USAGE = 2;

    private ExitCodes() {}

    static int of(ErrorCode code) {
        return switch (code) {
            case INVALID_SQL, FORBIDDEN, ALREADY_EXISTS, INVALID_ARGUMENT, BAD_PROMPT, INTERNAL -> FAILED;
            // Cannot be opened, or is corrupt.
            case NOT_FOUND, UNSUPPORTED_MODEL, BAD_MODEL, BAD_STORE, LOCKED, IO -> 3;
            case LIMIT_EXCEEDED, TIMED_OUT -> 4;
            // 128 + SIGINT, as a shell would report it.
            case CANCELLED -> 130;
        };
    }
}
