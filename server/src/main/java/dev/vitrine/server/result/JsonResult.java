package dev.vitrine.server.result;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON: {@code {"query_id", "columns": [{"name", "type"}], "rows": [[…]], "truncated", "stats": {"rows", "elapsed_ms"}, "warnings": ["…"], "status"}}.
 * NaN and the infinities, which JSON lacks, are (as Jackson writes them by itself) the strings {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}. The last member
 * is {@code "status": "complete"}, or {@code "failed"} followed by {@code "error"}; a body with neither was cut.
 */
public final class JsonResult implements ResultWriter {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonGenerator json;
    private final String queryId;
    private List<Column> columns = List.of();

    public JsonResult(OutputStream out, String queryId) {
        try {
            this.json = MAPPER.createGenerator(out);
        } catch (IOException e) {
            throw new UncheckedIOException("JSON could not be begun", e);
        }
        this.queryId = queryId;
    }

    @Override
    public void begin(List<Column> columns) throws IOException {
        this.columns = columns;
        json.writeStartObject();
        json.writeStringField("query_id", queryId);
        json.writeArrayFieldStart("columns");
        for (Column column : columns) {
            json.writeStartObject();
            json.writeStringField("name", column.name());
            json.writeStringField("type", column.typeName());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("rows");
    }

    @Override
    public void row(ResultSet row) throws SQLException, IOException {
        json.writeStartArray();
        for (int i = 1; i <= columns.size(); i++) {
            cell(row, i, columns.get(i - 1));
        }
        json.writeEndArray();
    }

    private void cell(ResultSet row, int index, Column column) throws SQLException, IOException {
        switch (column.type()) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> {
                long value = row.getLong(index);
                if (row.wasNull()) {
                    json.writeNull();
                } else {
                    json.writeNumber(value);
                }
            }
            case Types.REAL -> {
                float value = row.getFloat(index);
                if (row.wasNull()) {
                    json.writeNull();
                } else {
                    json.writeNumber(value);
                }
            }
            case Types.FLOAT, Types.DOUBLE -> {
                double value = row.getDouble(index);
                if (row.wasNull()) {
                    json.writeNull();
                } else {
                    json.writeNumber(value);
                }
            }
            case Types.BOOLEAN, Types.BIT, Types.DECIMAL, Types.NUMERIC -> value(row.getObject(index));
            case Types.ARRAY -> value(ArrayValue.of(row, index, column.elementType()));
            default -> value(row.getString(index));
        }
    }

    private void value(@Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof float[] vector) {
            json.writeStartArray();
            for (float element : vector) {
                json.writeNumber(element);
            }
            json.writeEndArray();
        } else if (value instanceof Object[] elements) {
            json.writeStartArray();
            for (Object element : elements) {
                value(element);
            }
            json.writeEndArray();
        } else if (value instanceof Float real) {
            json.writeNumber(real);
        } else if (value instanceof BigDecimal decimal) {
            json.writeNumber(decimal);
        } else if (value instanceof Double real) {
            json.writeNumber(real);
        } else if (value instanceof Number integer) {
            json.writeNumber(integer.longValue());
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else {
            json.writeString(value.toString());
        }
    }

    @Override
    public void end(ResultSummary summary) throws IOException {
        json.writeEndArray();
        json.writeBooleanField("truncated", summary.truncated());
        json.writeObjectFieldStart("stats");
        json.writeNumberField("rows", summary.rows());
        json.writeNumberField("elapsed_ms", summary.elapsed().toMillis());
        json.writeEndObject();
        json.writeArrayFieldStart("warnings");
        for (String warning : summary.warnings()) {
            json.writeString(warning);
        }
        json.writeEndArray();
        json.writeStringField("status", "complete");
        json.writeEndObject();
        json.flush();
    }

    @Override
    public boolean fail(Object problem) throws IOException {
        while (json.getOutputContext().inArray()) {
            json.writeEndArray();
        }
        json.writeStringField("status", "failed");
        json.writeObjectField("error", problem);
        json.writeEndObject();
        json.flush();
        return true;
    }
}
