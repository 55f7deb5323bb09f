package dev.vitrine.sql;

import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.ColumnMetaData.Rep;
import org.apache.calcite.avatica.MetaImpl;
import org.jspecify.annotations.Nullable;

/** A result of {@link java.sql.DatabaseMetaData}: columns as JDBC names them, and rows. */
final class Listing {
    private final List<ColumnMetaData> columns = new ArrayList<>();
    private final List<Object> rows = new ArrayList<>();

    /** @param columns names; one that begins with {@code #} is an INTEGER, with {@code ~} a SMALLINT, with {@code ?} a BOOLEAN, else text */
    Listing(String... columns) {
        for (String column : columns) {
            ColumnMetaData.AvaticaType type = switch (column.charAt(0)) {
                case '#' -> ColumnMetaData.scalar(Types.INTEGER, "INTEGER", Rep.INTEGER);
                case '~' -> ColumnMetaData.scalar(Types.SMALLINT, "SMALLINT", Rep.SHORT);
                case '?' -> ColumnMetaData.scalar(Types.BOOLEAN, "BOOLEAN", Rep.BOOLEAN);
                default -> ColumnMetaData.scalar(Types.VARCHAR, "VARCHAR", Rep.STRING);
            };
            String name = Character.isLetter(column.charAt(0)) ? column : column.substring(1);
            this.columns.add(MetaImpl.columnMetaData(name, this.columns.size(), type, true));
        }
    }

    void add(@Nullable Object... values) {
        rows.add(values);
    }

    List<ColumnMetaData> columns() {
        return columns;
    }

    /** One Object[] each. */
    List<Object> rows() {
        return rows;
    }

    /** Whether a name is one that a JDBC pattern means: {@code %} and {@code _} stand for any text and any character, null for anything. */
    static boolean matches(@Nullable String pattern, String name) {
        if (pattern == null) {
            return true;
        }
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                regex.append(Pattern.quote(pattern.substring(++i, i + 1)));
            } else {
                regex.append(c == '%' ? ".*" : c == '_' ? "." : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(name)
                .matches();
    }
}
