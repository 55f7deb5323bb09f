package dev.vitrine.server.result;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV in UTF-8 with a header line and LF. NULL is an empty field and the empty string is {@code ""}. A vector is {@code "[0.5,-1.0]"}.
 * Numbers are written so that reading them gives the same bits; NaN and the infinities are {@code NaN}, {@code Infinity} and
 * {@code -Infinity}.
 */
public final class CsvResult implements ResultWriter {
    private final Writer out;
    private List<Column> columns = List.of();

    public CsvResult(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
    }

    @Override
    public void begin(List<Column> columns) throws IOException {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            out.write(i == 0 ? "" : ",");
            field(columns.get(i).name());
        }
        out.write('\n');
    }

    @Override
    public void row(ResultSet row) throws SQLException, IOException {
        for (int i = 1; i <= columns.size(); i++) {
            if (i > 1) {
                out.write(',');
            }
            switch (columns.get(i - 1).type()) {
                case Types.REAL -> {
                    float value = row.getFloat(i);
                    out.write(row.wasNull() ? "" : Float.toString(value));
                }
                case Types.FLOAT, Types.DOUBLE -> {
                    double value = row.getDouble(i);
                    out.write(row.wasNull() ? "" : Double.toString(value));
                }
                case Types.ARRAY ->
                    array(ArrayValue.of(row, i, columns.get(i - 1).elementType()));
                default -> field(row.getString(i));
            }
        }
        out.write('\n');
    }

    private void field(@Nullable String text) throws IOException {
        if (text == null) {
            return;
        }
        if (text.isEmpty() || needsQuotes(text)) {
            out.write('"');
            out.write(text.replace("\"", "\"\""));
            out.write('"');
        } else {
            out.write(text);
        }
    }

    private static boolean needsQuotes(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == ',' || c == '"' || c == '\n' || c == '\r') {
                return true;
            }
        }
        return text.charAt(0) == ' ' || text.charAt(text.length() - 1) == ' ';
    }

    private void array(@Nullable Object array) throws IOException {
        if (array == null) {
            return;
        }
        out.write("\"[");
        if (array instanceof float[] vector) {
            for (int i = 0; i < vector.length; i++) {
                out.write(i == 0 ? "" : ",");
                out.write(Float.toString(vector[i]));
            }
        } else {
            Object[] elements = (Object[]) array;
            for (int i = 0; i < elements.length; i++) {
                out.write(i == 0 ? "" : ",");
                out.write(String.valueOf(elements[i]).replace("\"", "\"\""));
            }
        }
        out.write("]\"");
    }

    @Override
    public void end(ResultSummary summary) throws IOException {
        out.flush();
    }

    @Override
    public boolean fail(Object problem) {
        return false;
    }
}
