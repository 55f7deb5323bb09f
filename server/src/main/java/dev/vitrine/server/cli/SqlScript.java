package dev.vitrine.server.cli;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into statements at the semicolons that stand outside of quotes and comments. */
final class SqlScript {
    private final String text;
    private final List<String> statements = new ArrayList<>();
    private int start;
    private int at;

    private SqlScript(String text) {
        this.text = text;
    }

    /** The statements without their semicolons; what holds only blanks and comments is left out. */
    static List<String> statements(String text) {
        SqlScript script = new SqlScript(text);
        script.cut();
        script.statement();
        return script.statements;
    }

    /** Whether the text ends in a statement that still lacks its semicolon. */
    static boolean isOpen(String text) {
        SqlScript script = new SqlScript(text);
        script.cut();
        int complete = script.statements.size();
        script.statement();
        return script.statements.size() > complete;
    }

    private void cut() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                statement();
                at++;
                start = at;
            } else if (c == '\'' || c == '"') {
                skipTo(String.valueOf(c), at + 1);
            } else if (text.startsWith("--", at)) {
                skipTo("\n", at + 2);
            } else if (text.startsWith("/*", at)) {
                skipTo("*/", at + 2);
            } else {
                at++;
            }
        }
    }

    /** A doubled quote ends one quotation and begins the next, which comes to the same. */
    private void skipTo(String end, int from) {
        int found = text.indexOf(end, from);
        at = found < 0 ? text.length() : found + end.length();
    }

    private void statement() {
        String statement = text.substring(start, Math.min(at, text.length())).strip();
        if (!isBlank(statement)) {
            statements.add(statement);
        }
        start = at;
    }

    private static boolean isBlank(String statement) {
        return statement
                .replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("--[^\n]*", "")
                .isBlank();
    }
}
