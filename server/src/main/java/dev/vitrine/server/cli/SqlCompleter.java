package dev.vitrine.server.cli;

import dev.vitrine.udfs.FunctionCatalog;
import dev.vitrine.udfs.FunctionDescription;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes tables, columns, functions and keywords; it knows what there was when the shell began. */
final class SqlCompleter implements Completer {
    private static final List<String> KEYWORDS = List.of(
            "SELECT",
            "FROM",
            "WHERE",
            "GROUP BY",
            "HAVING",
            "ORDER BY",
            "LIMIT",
            "JOIN",
            "LEFT JOIN",
            "ON",
            "USING",
            "WITH",
            "DISTINCT",
            "CASE",
            "WHEN",
            "THEN",
            "ELSE",
            "END",
            "CAST",
            "BETWEEN",
            "LATERAL",
            "TABLE",
            "COUNT",
            "SUM",
            "AVG",
            "MIN",
            "MAX",
            "DESC",
            "ASC",
            "NULLS LAST",
            "INSERT INTO",
            "VALUES",
            "UPDATE",
            "DELETE FROM",
            "CREATE TABLE",
            "CREATE VIEW",
            "DROP TABLE",
            "EXPLAIN PLAN FOR");

    private final Map<String, Candidate> candidates = new LinkedHashMap<>();

    private SqlCompleter() {}

    static SqlCompleter of(Connection connection, FunctionCatalog functions) throws SQLException {
        SqlCompleter completer = new SqlCompleter();
        try (ResultSet tables = connection.getMetaData().getTables(null, null, null, null)) {
            while (tables.next()) {
                completer.add(tables.getString("TABLE_NAME"), "tables", "");
            }
        }
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, null, null)) {
            while (columns.next()) {
                completer.add(columns.getString("COLUMN_NAME"), "columns", columns.getString("TYPE_NAME"));
            }
        }
        for (FunctionDescription function : functions.functions()) {
            completer.add(function.name(), "functions", function.signature());
        }
        KEYWORDS.forEach(keyword -> completer.add(keyword, "keywords", ""));
        ShellCommands.NAMES.forEach(command -> completer.add(command, "commands", ""));
        return completer;
    }

    private void add(String word, String group, String description) {
        candidates.putIfAbsent(
                word, new Candidate(word, word, group, description.isEmpty() ? null : description, null, null, true));
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> found) {
        found.addAll(candidates.values());
    }
}
