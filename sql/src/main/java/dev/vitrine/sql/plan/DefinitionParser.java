package dev.vitrine.sql.plan;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.plan.SqlText.Kind;
import dev.vitrine.sql.plan.SqlText.Token;
import dev.vitrine.sql.workspace.ColumnType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.runtime.CalciteContextException;
import org.jspecify.annotations.Nullable;

/**
 * Reads CREATE TABLE, CREATE VIEW and DROP. Calcite leaves these to its server module, which also creates functions from class names; here
 * a column has a type, a literal default and keys, and nothing else can be said.
 */
final class DefinitionParser {
    /** Gives the type that a piece of SQL names. */
    interface Types {
        ColumnType type(String column, String sql);
    }

    private final String sql;
    private final List<Token> tokens;
    private final Types types;
    private int at;

    DefinitionParser(String sql, Types types) {
        this.sql = sql;
        this.tokens = SqlText.tokens(sql);
        this.types = types;
    }

    Definition parse() {
        boolean create = take("CREATE");
        if (!create) {
            expect("DROP");
        }
        Token what = peek();
        if (take("TABLE")) {
            return create ? createTable() : drop(false);
        }
        if (take("VIEW")) {
            return create ? createView() : drop(true);
        }
        throw new VitrineException(
                ErrorCode.FORBIDDEN,
                (create ? "CREATE " : "DROP ") + what.text().toUpperCase(Locale.ROOT)
                        + " is not possible; expected TABLE or VIEW, in schema workspace");
    }

    private Definition createTable() {
        boolean ifNotExists = takeAll("IF", "NOT", "EXISTS");
        String name = workspaceName();
        List<Definition.Column> columns = new ArrayList<>();
        List<String> primaryKey = new ArrayList<>();
        List<List<String>> unique = new ArrayList<>();
        if (take("(")) {
            do {
                if (takeAll("PRIMARY", "KEY")) {
                    primaryKey.addAll(names());
                } else if (take("UNIQUE")) {
                    unique.add(names());
                } else {
                    columns.add(column(primaryKey, unique));
                }
            } while (take(","));
            expect(")");
        }
        String query = take("AS") ? rest() : null;
        if (query == null) {
            expectEnd();
        }
        if (query == null && columns.isEmpty()) {
            throw wrong(peek(), "a list of columns or AS and a query");
        }
        return new Definition.CreateTable(name, ifNotExists, columns, primaryKey, unique, query);
    }

    private Definition.Column column(List<String> primaryKey, List<List<String>> unique) {
        String name = name();
        ColumnType type = peek().is(",") || peek().is(")") ? null : type(name);
        boolean nullable = true;
        Object defaultValue = null;
        while (!peek().is(",") && !peek().is(")")) {
            if (takeAll("NOT", "NULL")) {
                nullable = false;
            } else if (takeAll("PRIMARY", "KEY")) {
                primaryKey.add(name);
            } else if (take("UNIQUE")) {
                unique.add(List.of(name));
            } else if (take("DEFAULT")) {
                defaultValue = literal();
            } else if (!take("NULL")) {
                throw wrong(peek(), "NOT NULL, DEFAULT with a literal, PRIMARY KEY, UNIQUE, ',' or ')'");
            }
        }
        return new Definition.Column(name, type, nullable, defaultValue);
    }

    /** A type reaches from its first word to the next option, comma or bracket that is not its own. */
    private ColumnType type(String column) {
        int start = next().start();
        int end = tokens.get(at - 1).end();
        int depth = 0;
        while (at < tokens.size()) {
            Token token = peek();
            boolean ends = depth == 0
                    && (token.is(",")
                            || token.is(")")
                            || token.is("NOT")
                            || token.is("NULL")
                            || token.is("DEFAULT")
                            || token.is("PRIMARY")
                            || token.is("UNIQUE")
                            || token.is("CHECK")
                            || token.is("GENERATED")
                            || token.is("REFERENCES")
                            || token.is("AS")
                            || token.is("CONSTRAINT"));
            if (ends) {
                break;
            }
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            end = next().end();
        }
        return types.type(column, SqlText.from(sql.substring(0, end), start));
    }

    private @Nullable Object literal() {
        boolean minus = take("-");
        Token token = next();
        if (token.kind() == Kind.NUMBER) {
            try {
                BigDecimal number = new BigDecimal(token.text());
                return minus ? number.negate() : number;
            } catch (NumberFormatException e) {
                throw wrong(token, "a number");
            }
        }
        if (!minus && token.kind() == Kind.STRING) {
            return token.text();
        }
        if (!minus && (token.is("TRUE") || token.is("FALSE"))) {
            return token.is("TRUE");
        }
        if (!minus && token.is("NULL")) {
            return null;
        }
        throw wrong(token, "a literal: a number, a string, TRUE, FALSE or NULL");
    }

    private Definition createView() {
        boolean ifNotExists = takeAll("IF", "NOT", "EXISTS");
        String name = workspaceName();
        expect("AS");
        return new Definition.CreateView(name, ifNotExists, rest());
    }

    private Definition drop(boolean view) {
        boolean ifExists = takeAll("IF", "EXISTS");
        String name = workspaceName();
        expectEnd();
        return new Definition.Drop(view, name, ifExists);
    }

    private String workspaceName() {
        Token first = peek();
        String schema = name();
        if (!take(".")) {
            throw new VitrineException(
                    ErrorCode.FORBIDDEN,
                    place(first) + schema
                            + " would be in schema vitrine, which only extraction writes; expected workspace."
                            + schema);
        }
        String name = name();
        if (!schema.equalsIgnoreCase("workspace")) {
            throw new VitrineException(
                    ErrorCode.FORBIDDEN,
                    place(first) + "schema " + schema + " cannot be changed; expected workspace." + name);
        }
        return name;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>();
        expect("(");
        do {
            names.add(name());
        } while (take(","));
        expect(")");
        return names;
    }

    private String name() {
        Token token = next();
        if (token.kind() != Kind.WORD && token.kind() != Kind.QUOTED_NAME) {
            throw wrong(token, "a name");
        }
        return token.text();
    }

    private String rest() {
        if (at == tokens.size()) {
            throw wrong(peek(), "a query");
        }
        return SqlText.from(sql, peek().start());
    }

    private Token peek() {
        return at < tokens.size() ? tokens.get(at) : new Token(Kind.SYMBOL, "the end", sql.length(), sql.length());
    }

    private Token next() {
        Token token = peek();
        at++;
        return token;
    }

    private boolean take(String word) {
        boolean found = peek().is(word);
        at += found ? 1 : 0;
        return found;
    }

    private boolean takeAll(String... words) {
        int start = at;
        for (String word : words) {
            if (!take(word)) {
                at = start;
                return false;
            }
        }
        return true;
    }

    private void expect(String word) {
        if (!take(word)) {
            throw wrong(peek(), word);
        }
    }

    private void expectEnd() {
        if (at < tokens.size()) {
            throw wrong(peek(), "the end of the statement");
        }
    }

    private String place(Token token) {
        return "line " + line(token) + ", column " + column(token) + ": ";
    }

    private int line(Token token) {
        return SqlText.line(sql, token.start());
    }

    private int column(Token token) {
        return SqlText.column(sql, token.start());
    }

    private CalciteContextException wrong(Token token, String expected) {
        String message = "found '" + token.text() + "'; expected " + expected;
        return new CalciteContextException(
                message,
                new VitrineException(ErrorCode.INVALID_SQL, message),
                line(token),
                column(token),
                line(token),
                column(token));
    }
}
