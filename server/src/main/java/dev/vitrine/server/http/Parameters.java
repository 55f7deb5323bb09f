package dev.vitrine.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Binds JSON values to the {@code ?} of a statement. */
final class Parameters {
    private Parameters() {}

    /** Binds all; {@code INVALID_ARGUMENT} where there are more or fewer than the statement has. */
    static void bind(PreparedStatement statement, List<JsonNode> values) throws SQLException {
        int expected = statement.getParameterMetaData().getParameterCount();
        if (expected != values.size()) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "params has " + values.size() + " values; the statement has " + expected + " parameters");
        }
        for (int i = 0; i < values.size(); i++) {
            bind(statement, i + 1, values.get(i));
        }
    }

    private static void bind(PreparedStatement statement, int index, JsonNode value) throws SQLException {
        switch (value.getNodeType()) {
            case NULL -> statement.setNull(index, Types.NULL);
            case BOOLEAN -> statement.setBoolean(index, value.booleanValue());
            case STRING -> statement.setString(index, value.textValue());
            case NUMBER -> {
                if (value.canConvertToInt() && value.isIntegralNumber()) {
                    statement.setInt(index, value.intValue());
                } else if (value.canConvertToLong() && value.isIntegralNumber()) {
                    statement.setLong(index, value.longValue());
                } else {
                    statement.setDouble(index, value.doubleValue());
                }
            }
            case ARRAY ->
                statement.setArray(index, statement.getConnection().createArrayOf("REAL", vector(index, value)));
            default ->
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "params[" + (index - 1)
                                + "] is an object; expected a number, string, boolean, null or array of numbers");
        }
    }

    private static Object[] vector(int index, JsonNode value) {
        List<Float> vector = new ArrayList<>();
        for (JsonNode element : value) {
            if (!element.isNumber()) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "params[" + (index - 1) + "][" + vector.size() + "] is " + element + "; expected a number");
            }
            vector.add(element.floatValue());
        }
        return vector.toArray();
    }
}
