package dev.vitrine.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** SQL text cut into words, for the statements that Calcite's parser does not know and for what stands around a statement. */
final class SqlText {
    /**
     * A word, name, literal or symbol.
     *
     * @param text what it stands for: the name without quotes, the string without its quotes
     * @param start offset of its first character
     * @param end offset after its last character
     */
    record Token(Kind kind, String text, int start, int end) {
        /** Whether it is that keyword or symbol. */
        boolean is(String word) {
            return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
        }
    }

    /** What a token is. */
    enum Kind {
        WORD,
        QUOTED_NAME,
        STRING,
        NUMBER,
        SYMBOL
    }

    private final String sql;
    private int at;
    private boolean closed = true;
    private int openComment = -1;

    private SqlText(String sql) {
        this.sql = sql;
    }

    /** The tokens of a text, without comments. An unclosed quote or comment ends with the text: the parser will complain. */
    static List<Token> tokens(String sql) {
        SqlText text = new SqlText(sql);
        List<Token> tokens = new ArrayList<>();
        while (text.skipToToken()) {
            tokens.add(text.next());
        }
        return tokens;
    }

    /** The quote or comment that has no end, as a token from its first character; null where all have one. */
    static @Nullable Token unclosed(String sql) {
        SqlText text = new SqlText(sql);
        while (text.skipToToken()) {
            int start = text.at;
            Token token = text.next();
            boolean quoted = token.kind() == Kind.STRING || token.kind() == Kind.QUOTED_NAME;
            if (quoted && !text.closed) {
                return new Token(token.kind(), token.text(), start, start + 1);
            }
        }
        return text.openComment < 0 ? null : new Token(Kind.SYMBOL, "/", text.openComment, text.openComment + 1);
    }

    /** The line of an offset, from 1. */
    static int line(String sql, int offset) {
        return 1 + (int) sql.substring(0, offset).chars().filter(c -> c == '\n').count();
    }

    /** The place of an offset in its line, from 1. */
    static int column(String sql, int offset) {
        return offset - sql.lastIndexOf('\n', offset - 1);
    }

    /** The text without semicolons at its end, or comments after them. */
    static String statement(String sql) {
        List<Token> tokens = tokens(sql);
        int last = tokens.size() - 1;
        while (last >= 0 && tokens.get(last).is(";")) {
            last--;
        }
        return last < 0 ? "" : sql.substring(0, tokens.get(last).end());
    }

    /** The text from an offset on, after as many blanks and line ends as stand before it, so that positions stay right. */
    static String from(String sql, int offset) {
        return sql.substring(0, offset).replaceAll("[^\\r\\n]", " ") + sql.substring(offset);
    }

    private boolean skipToToken() {
        while (at < sql.length()) {
            if (Character.isWhitespace(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end;
            } else if (sql.startsWith("/*", at) && !sql.startsWith("/*+", at)) {
                int end = sql.indexOf("*/", at + 2);
                openComment = end < 0 ? at : -1;
                at = end < 0 ? sql.length() : end + 2;
            } else {
                return true;
            }
        }
        return false;
    }

    private Token next() {
        int start = at;
        char first = sql.charAt(at);
        if (first == '\'' || first == '"') {
            return quoted(start, first);
        }
        if (Character.isJavaIdentifierStart(first)) {
            return run(start, Kind.WORD, Character::isJavaIdentifierPart);
        }
        if (Character.isDigit(first)) {
            return number(start);
        }
        at++;
        return new Token(Kind.SYMBOL, sql.substring(start, at), start, at);
    }

    private Token quoted(int start, char quote) {
        StringBuilder text = new StringBuilder();
        closed = false;
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c != quote) {
                text.append(c);
            } else if (at < sql.length() && sql.charAt(at) == quote) {
                text.append(quote);
                at++;
            } else {
                closed = true;
                break;
            }
        }
        return new Token(quote == '"' ? Kind.QUOTED_NAME : Kind.STRING, text.toString(), start, at);
    }

    private Token number(int start) {
        Part part = c -> Character.isLetterOrDigit(c) || c == '.';
        Token number = run(start, Kind.NUMBER, part);
        boolean exponent = number.text().matches("[\\d.]+[eE]") && at + 1 < sql.length();
        if (exponent && (sql.charAt(at) == '-' || sql.charAt(at) == '+') && Character.isDigit(sql.charAt(at + 1))) {
            at++;
            return run(start, Kind.NUMBER, part);
        }
        return number;
    }

    /** Tells the characters of a token. */
    private interface Part {
        boolean contains(char c);
    }

    private Token run(int start, Kind kind, Part part) {
        while (at < sql.length() && part.contains(sql.charAt(at))) {
            at++;
        }
        return new Token(kind, sql.substring(start, at), start, at);
    }

    /** The first keyword, in upper case; empty where there is none. */
    static String keyword(String sql) {
        SqlText text = new SqlText(sql);
        return text.skipToToken() ? text.next().text().toUpperCase(Locale.ROOT) : "";
    }
}
