package dev.vitrine.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Asserts what a user is told: the code and the whole message. */
final class Failures {
    private Failures() {}

    static void assertFails(ErrorCode code, String message, ThrowingCallable call) {
        VitrineException failure = catchThrowableOfType(VitrineException.class, call);
        assertThat(failure).hasMessage(message);
        assertThat(failure.code()).isEqualTo(code);
    }
}
