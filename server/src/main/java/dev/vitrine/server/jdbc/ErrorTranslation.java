package dev.vitrine.server.jdbc;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.server.query.Failure;
import java.io.IOException;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.AvaticaRuntimeException;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Avatica's own protobuf code, but that a client gets message and SQLSTATE of a failure, and neither class names nor stack. */
final class ErrorTranslation extends ProtobufHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorTranslation.class);
    private static final int UNKNOWN_ERROR_CODE = -1;

    ErrorTranslation(Service service) {
        super(service, new ProtobufTranslationImpl(), NoopMetricsSystem.getInstance());
    }

    @Override
    public HandlerResponse<byte[]> convertToErrorResponse(Exception thrown) {
        RuntimeException told;
        if (thrown instanceof NoSuchConnectionException || thrown instanceof AvaticaRuntimeException) {
            told = (RuntimeException) thrown;
        } else if (thrown instanceof IOException
                || String.valueOf(thrown.getMessage()).contains("parser for")) {
            told = of(new Failure(
                    ErrorCode.INVALID_ARGUMENT,
                    "the request is not one of Avatica's protobuf: " + thrown.getMessage()));
        } else {
            Failure failure = Failure.of(thrown);
            if (failure.code() == ErrorCode.INTERNAL) {
                LOG.error("avatica", thrown);
            }
            told = of(failure);
        }
        told.setStackTrace(new StackTraceElement[0]);
        return super.convertToErrorResponse(told);
    }

    /** What a client is told that shows another token. */
    static AvaticaRuntimeException wrongToken() {
        String message = "the password is not the token that this server was started with";
        return of(new Failure(ErrorCode.FORBIDDEN, message, "28000", 0, 0));
    }

    private static AvaticaRuntimeException of(Failure failure) {
        return new AvaticaRuntimeException(
                failure.message(), UNKNOWN_ERROR_CODE, failure.sqlState(), AvaticaSeverity.ERROR);
    }
}
