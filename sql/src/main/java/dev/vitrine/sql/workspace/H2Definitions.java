package dev.vitrine.sql.workspace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The statements that H2 keeps in a file for what {@link TableDefinition} and {@link WorkspaceContents#prepare} make, in the very form in
 * which H2 writes them. Whatever is not of that form is not known: there is no comment, no function and no expression in it.
 */
final class H2Definitions {
    private static final String NAME = "(?:U&)?\"[^\"]*+(?:\"\"[^\"]*+)*+\"";
    private static final String QUALIFIED = NAME + "\\." + NAME;
    private static final String KEY = NAME + "(?: NULLS (?:FIRST|LAST))?+";
    private static final String NAMES = "\\(" + KEY + "(?:, " + KEY + ")*+\\)";
    private static final String TEXT = "(?:U&)?'[^']*+(?:''[^']*+)*+'";
    private static final String TYPE =
            "(?:BOOLEAN|TINYINT|SMALLINT|INTEGER|BIGINT|REAL|DOUBLE PRECISION|NUMERIC|DATE|TIME|TIMESTAMP"
                    + "|CHARACTER VARYING|VARCHAR_IGNORECASE|BINARY VARYING)\\b(?:\\(\\d++(?:, \\d++)?+\\))?+(?: ARRAY(?:\\[\\d++\\])?+)?+";
    private static final String NUMBER = "-?+\\d*+\\.?+\\d*+(?:E[+-]?+\\d++)?+";
    private static final String LITERAL =
            "(?:NULL|TRUE|FALSE|(?:DATE |TIME |TIMESTAMP |X)?+" + TEXT + "|" + NUMBER + ")";
    private static final String DEFAULT = "(?:CAST\\(" + LITERAL + " AS DECFLOAT\\)|" + LITERAL + ")";

    private static final Pattern COLUMN = Pattern.compile(
            NAME + " " + TYPE + "(?: DEFAULT " + DEFAULT + ")?+(?: SELECTIVITY \\d++)?+(?: NOT NULL)?+");
    private static final Pattern TABLE = Pattern.compile("CREATE CACHED TABLE " + QUALIFIED + "\\(\\n    ");
    private static final Pattern OTHER = Pattern.compile("SET (?:CREATE_BUILD|WRITE_DELAY) \\d++"
            + "|CREATE USER IF NOT EXISTS " + NAME + " SALT '[0-9a-f]*+' HASH '[0-9a-f]*+' ADMIN"
            + "|CREATE SCHEMA IF NOT EXISTS " + NAME + " AUTHORIZATION " + NAME
            + "|CREATE (?:PRIMARY KEY|UNIQUE NULLS DISTINCT INDEX) " + QUALIFIED + " ON " + QUALIFIED + NAMES
            + "|ALTER TABLE " + QUALIFIED + " ADD CONSTRAINT " + QUALIFIED
            + " (?:PRIMARY KEY|UNIQUE NULLS DISTINCT )" + NAMES + "(?: INDEX " + QUALIFIED + ")?+");

    private H2Definitions() {}

    /** Whether a statement is one of those. */
    static boolean isKnown(String sql) {
        return OTHER.matcher(sql).matches() || isTable(sql);
    }

    /** Column by column, because a table may have more of them than one expression has stack for. */
    private static boolean isTable(String sql) {
        Matcher matcher = TABLE.matcher(sql);
        if (!matcher.lookingAt()) {
            return false;
        }
        int at = matcher.end();
        matcher.usePattern(COLUMN);
        while (matcher.region(at, sql.length()).lookingAt()) {
            String rest = ",\n    ";
            if (sql.startsWith(rest, matcher.end())) {
                at = matcher.end() + rest.length();
            } else {
                return sql.substring(matcher.end()).equals("\n)");
            }
        }
        return false;
    }
}
