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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Aligned text for people: six significant digits, the beginnings of vectors and of long texts, unless a text is the only column. The
 * first thousand rows settle the widths; CSV and JSON have every digit.
 */
public final class TableResult implements ResultWriter {
    private static final int SIZING_ROWS = 1000;
    private static final int MAX_WIDTH = 60;
    private static final int SHOWN_ELEMENTS = 4;

    private final Writer out;
    private final List<String[]> held = new ArrayList<>();
    private List<Column> columns = List.of();
    private int[] widths = {};
    private boolean headed;

    public TableResult(OutputStream out) {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }

    @Override
    public void begin(List<Column> columns) {
        this.columns = columns;
        this.widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = length(columns.get(i).name());
        }
    }

    @Override
    public void row(ResultSet row) throws SQLException, IOException {
        String[] cells = new String[widths.length];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(row, i + 1, columns.get(i));
        }
        if (headed) {
            line(cells);
            return;
        }
        held.add(cells);
        for (int i = 0; i < cells.length; i++) {
            widths[i] = Math.max(widths[i], length(cells[i]));
        }
        if (held.size() == SIZING_ROWS) {
            release();
        }
    }

    private void release() throws IOException {
        headed = true;
        line(columns.stream().map(Column::name).toArray(String[]::new));
        String[] rule = new String[widths.length];
        for (int i = 0; i < rule.length; i++) {
            rule[i] = "-".repeat(widths[i]);
        }
        line(rule);
        for (String[] cells : held) {
            line(cells);
        }
        held.clear();
    }

    private void line(String[] cells) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            line.append(i == 0 ? "" : "  ");
            String padding = " ".repeat(Math.max(0, widths[i] - length(cells[i])));
            if (columns.get(i).isNumeric()) {
                line.append(padding).append(cells[i]);
            } else {
                line.append(cells[i]).append(padding);
            }
        }
        out.write(line.toString().stripTrailing());
        out.write('\n');
    }

    private String cell(ResultSet row, int index, Column column) throws SQLException {
        String text = switch (column.type()) {
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> number(row.getDouble(index));
            case Types.ARRAY -> array(ArrayValue.of(row, index, column.elementType()));
            default -> text(row.getString(index), columns.size() == 1 ? Integer.MAX_VALUE : MAX_WIDTH);
        };
        return row.wasNull() ? "NULL" : text;
    }

    /** Six significant digits, without trailing zeros. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size == 0 || !Double.isFinite(value)) {
            return size == 0 ? "0" : Double.toString(value);
        }
        if (size < 1e-4 || size >= 1e15) {
            return String.format(Locale.ROOT, "%.5e", value).replaceAll("\\.?0+e", "e");
        }
        int decimals = Math.max(0, 5 - (int) Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return decimals == 0 ? text : text.replaceAll("\\.?0+$", "");
    }

    private static String array(@Nullable Object array) {
        if (array == null) {
            return "NULL";
        }
        int length = array instanceof float[] vector ? vector.length : ((Object[]) array).length;
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < Math.min(length, SHOWN_ELEMENTS); i++) {
            Object element = array instanceof float[] vector ? (Object) vector[i] : ((Object[]) array)[i];
            text.append(i == 0 ? "" : ", ");
            text.append(element instanceof Number value ? number(value.doubleValue()) : String.valueOf(element));
        }
        return text + (length > SHOWN_ELEMENTS ? ", … " + length + "]" : "]");
    }

    /** One line, without control characters, of limited length. */
    private static String text(@Nullable String text, int width) {
        if (text == null) {
            return "NULL";
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(width + 1L).forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> shown.appendCodePoint(Character.isISOControl(c) ? 0xFFFD : c);
            }
        });
        return length(shown.toString()) <= width
                ? shown.toString()
                : shown.substring(0, shown.offsetByCodePoints(0, width - 1)) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    @Override
    public void end(ResultSummary summary) throws IOException {
        if (!headed) {
            release();
        }
        out.flush();
    }

    @Override
    public boolean fail(Object problem) throws IOException {
        if (!headed && !columns.isEmpty()) {
            release();
        }
        out.flush();
        return false;
    }
}
