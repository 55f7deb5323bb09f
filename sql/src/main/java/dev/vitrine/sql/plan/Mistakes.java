package dev.vitrine.sql.plan;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.functions.TableOperator;
import dev.vitrine.sql.plan.SqlText.Kind;
import dev.vitrine.sql.plan.SqlText.Token;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;

/** What is wrong with a statement, said to the one who wrote it: where, what stands there, and what was probably meant. */
final class Mistakes {
    private static final Pattern NO_COLUMN = Pattern.compile("Column '([^']*)' not found in .*");
    /** A column that is nowhere else is taken for a reference to its own alias. */
    private static final Pattern OWN_ALIAS =
            Pattern.compile("The definition of column ('.*') depends on itself through the following columns: \\1");

    private static final Pattern NO_TABLE = Pattern.compile("(?:Object|Table) '([^']*)' not found.*");
    private static final Pattern NO_FUNCTION = Pattern.compile("No match found for function signature ([^(]*)\\(.*");
    private static final Pattern EXPECTED_WORD = Pattern.compile("\"([A-Z_]+|\\W)\"");
    private static final int MOST_EXPECTED = 6;
    private static final int MOST_HOMES = 4;

    private final String sql;
    private final Catalog catalog;

    Mistakes(String sql, Catalog catalog) {
        this.sql = sql;
        this.catalog = catalog;
    }

    /** What the parser did not understand. */
    RuntimeException syntax(SqlParseException failure) {
        SqlParserPos at = failure.getPos();
        if (at == null) {
            // The parser has run out of stack; any other failure of its own has a place.
            return new VitrineException(ErrorCode.INVALID_SQL, "the statement is nested too deeply", failure);
        }
        List<Token> tokens = SqlText.tokens(sql);
        Token unclosed = SqlText.unclosed(sql);
        if (unclosed != null) {
            String closing = unclosed.is("/") ? "*/" : sql.substring(unclosed.start(), unclosed.start() + 1);
            return at(unclosed, "what begins here does not end; expected a closing " + closing);
        }
        Token found = tokens.stream()
                .filter(token -> SqlText.line(sql, token.start()) == at.getLineNum()
                        && SqlText.column(sql, token.start()) == at.getColumnNum())
                .findFirst()
                .orElse(new Token(Kind.SYMBOL, "", sql.length(), sql.length()));
        String what = found.start() == sql.length()
                ? "the statement ends too early"
                : "syntax error at '" + sql.substring(found.start(), found.end()) + "'";
        return at(found, what + expected(found, failure));
    }

    private static String expected(Token found, SqlParseException failure) {
        if (found.is(";")) {
            return "; expected a single statement";
        }
        if (found.is("EXPLAIN")) {
            return "; expected EXPLAIN PLAN FOR and a query";
        }
        if (found.is("=")) {
            return "; equality is a single =";
        }
        Set<String> words = new TreeSet<>();
        for (String name : failure.getExpectedTokenNames()) {
            Matcher word = EXPECTED_WORD.matcher(name);
            if (!word.matches()) {
                return "";
            }
            words.add(word.group(1));
        }
        return words.isEmpty() || words.size() > MOST_EXPECTED ? "" : "; expected " + String.join(" or ", words);
    }

    /** A statement that begins with no word that begins one. */
    RuntimeException beginning(Set<String> known, Set<String> elsewhere) {
        Token first = SqlText.tokens(sql).get(0);
        String word = sql.substring(first.start(), first.end());
        String statements = "a query, EXPLAIN PLAN FOR, or CREATE, INSERT, UPDATE, DELETE or DROP in schema workspace";
        if (elsewhere.stream().anyMatch(first::is)) {
            return new VitrineException(
                    ErrorCode.FORBIDDEN,
                    word.toUpperCase(Locale.ROOT) + " is not a statement of Vitrine; expected " + statements);
        }
        return at(
                first, "no statement begins with '" + word + "'; expected " + statements + NearNames.hint(word, known));
    }

    /** What the validator found, with what was probably meant. */
    CalciteContextException explained(CalciteContextException failure) {
        Throwable reason = failure.getCause() == null ? failure : failure.getCause();
        String said = String.valueOf(reason.getMessage());
        Matcher alias = OWN_ALIAS.matcher(said);
        String message = alias.matches() ? "Column " + alias.group(1) + " not found in any table" : said;
        String hint = hint(message, failure);
        if (hint.isEmpty() && message.equals(said)) {
            return failure;
        }
        return error(
                message + hint,
                failure.getPosLine(),
                failure.getPosColumn(),
                failure.getEndPosLine(),
                failure.getEndPosColumn());
    }

    private String hint(String message, CalciteContextException failure) {
        if (message.equals("Illegal use of dynamic parameter")) {
            return "; a ? that could be of any type needs one: CAST(? AS VARCHAR)";
        }
        Matcher column = NO_COLUMN.matcher(message);
        if (column.matches()) {
            boolean quoted = SqlText.tokens(sql).stream()
                    .anyMatch(token -> token.kind() == Kind.QUOTED_NAME
                            && token.text().equals(column.group(1))
                            && SqlText.line(sql, token.start()) == failure.getPosLine()
                            && SqlText.column(sql, token.start()) == failure.getPosColumn());
            if (quoted) {
                return "; text stands in 'single' quotes";
            }
            Set<String> homes = tablesWith(column.group(1));
            return homes.isEmpty() || homes.size() > MOST_HOMES
                    ? NearNames.hint(column.group(1), names(true))
                    : "; it is a column of " + String.join(", ", homes);
        }
        Matcher function = NO_FUNCTION.matcher(message);
        if (function.matches()) {
            return NearNames.hint(function.group(1), functions());
        }
        Matcher table = NO_TABLE.matcher(message);
        if (!table.matches()) {
            return "";
        }
        String name = table.group(1);
        if (isTableFunction(name)) {
            return "; " + name + " is a function: FROM TABLE(" + name + "(...))";
        }
        String near = NearNames.hint(name, names(false));
        boolean inTableFunction = message.startsWith("Table ") && hasTableFunctionWithoutLateral();
        return near.isEmpty() && inTableFunction
                ? "; a function in FROM sees columns of the tables before it as LATERAL TABLE(...)"
                : near;
    }

    private boolean hasTableFunctionWithoutLateral() {
        List<Token> tokens = SqlText.tokens(sql);
        for (int i = 1; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).is("TABLE")
                    && tokens.get(i + 1).is("(")
                    && !tokens.get(i - 1).is("LATERAL")) {
                return true;
            }
        }
        return false;
    }

    private boolean isTableFunction(String name) {
        return catalog.operators().getOperatorList().stream()
                .anyMatch(operator ->
                        operator instanceof TableOperator && operator.getName().equalsIgnoreCase(name));
    }

    private List<String> functions() {
        return catalog.operators().getOperatorList().stream()
                .map(SqlOperator::getName)
                .filter(name -> !name.isEmpty() && Character.isLetter(name.charAt(0)) && !name.contains(" "))
                .toList();
    }

    /** The tables that have a column of this name. */
    private Set<String> tablesWith(String column) {
        Set<String> tables = new TreeSet<>();
        tables((name, columns) -> {
            if (columns.stream().anyMatch(column::equalsIgnoreCase)) {
                tables.add(name);
            }
        });
        return tables;
    }

    /** The names of all tables, or of their columns. */
    private Set<String> names(boolean columns) {
        Set<String> names = new TreeSet<>();
        tables((name, itsColumns) -> names.addAll(columns ? itsColumns : List.of(name)));
        return names;
    }

    /** All tables and their columns, which are left out of views, as one whose tables are gone has none. */
    private void tables(BiConsumer<String, List<String>> each) {
        for (String schema : List.of("vitrine", "workspace")) {
            SchemaPlus tables = catalog.root().plus().subSchemas().get(schema);
            if (tables == null) {
                continue;
            }
            for (String name : tables.tables().getNames(LikePattern.any())) {
                Table table = tables.tables().get(name);
                boolean stored =
                        table != null && table.getJdbcTableType() == org.apache.calcite.schema.Schema.TableType.TABLE;
                each.accept(name, stored ? table.getRowType(Dialect.types()).getFieldNames() : List.of());
            }
        }
    }

    private CalciteContextException at(Token token, String message) {
        int line = SqlText.line(sql, token.start());
        int column = SqlText.column(sql, token.start());
        return error(message, line, column, line, column);
    }

    private static CalciteContextException error(String message, int line, int column, int endLine, int endColumn) {
        return new CalciteContextException(
                message, new VitrineException(ErrorCode.INVALID_SQL, message), line, column, endLine, endColumn);
    }
}
