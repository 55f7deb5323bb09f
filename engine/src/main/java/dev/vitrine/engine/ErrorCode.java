package dev.vitrine.engine;

/** What kind of thing went wrong. The command line maps it to an exit code, the server to a status, JDBC to an SQLSTATE. */
public enum ErrorCode {
    /** A value the caller gave is not one that can be used: an option, an argument, a vector's length. */
    INVALID_ARGUMENT(Category.USER),
    /** SQL that does not parse or does not validate. */
    INVALID_SQL(Category.USER),
    /** A statement that this connection may not run: a write outside the workspace, or any write over the network. */
    FORBIDDEN(Category.USER),
    /** A folder, file, run, model or object that is not there. */
    NOT_FOUND(Category.USER),
    /** A run or an object of that name is there already. */
    ALREADY_EXISTS(Category.USER),
    /** A model of an architecture, a data type or a setting that Vitrine does not read. */
    UNSUPPORTED_MODEL(Category.USER),
    /** A model's file does not hold what its config says, or is damaged. */
    BAD_MODEL(Category.USER),
    /** A prompt or a prompt file that cannot be read or does not fit the model. */
    BAD_PROMPT(Category.USER),
    /** A store that is damaged, foreign, or written by a newer format. */
    BAD_STORE(Category.USER),
    /** Another process holds what this one wants to write. */
    LOCKED(Category.RESOURCE),
    /** A limit on rows, bytes, memory or concurrency was reached. */
    LIMIT_EXCEEDED(Category.RESOURCE),
    /** The deadline passed. */
    TIMED_OUT(Category.RESOURCE),
    /** The caller, or Ctrl-C, stopped the work. */
    CANCELLED(Category.RESOURCE),
    /** Reading or writing failed below us: disk full, no permission. */
    IO(Category.RESOURCE),
    /** A mistake of Vitrine's own. */
    INTERNAL(Category.INTERNAL);

    /** Who can do something about it. */
    public enum Category {
        /** The one who asked. */
        USER,
        /** Whoever gives out time, memory, disk and locks. */
        RESOURCE,
        /** The authors of Vitrine. */
        INTERNAL
    }

    private final Category category;

    ErrorCode(Category category) {
        this.category = category;
    }

    /** Who can do something about it. */
    public Category category() {
        return category;
    }
}
