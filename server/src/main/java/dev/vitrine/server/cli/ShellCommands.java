package dev.vitrine.server.cli;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.FunctionCatalog;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** What begins with a dot in the shell and is not SQL. */
final class ShellCommands {
    static final List<String> NAMES = List.of(".tables", ".columns", ".functions", ".format", ".help", ".quit");

    private final StatementRunner runner;
    private final Connection connection;
    private final FunctionCatalog functions;
    private final PrintWriter out;

    ShellCommands(StatementRunner runner, Connection connection, FunctionCatalog functions, PrintWriter out) {
        this.runner = runner;
        this.connection = connection;
        this.functions = functions;
        this.out = out;
    }

    /** False for {@code .quit}. */
    boolean run(String input) {
        String[] words = input.replaceAll("[;\\s]+$", "").split("\\s+", 2);
        String argument = words.length == 2 ? words[1] : "";
        try {
            switch (words[0]) {
                case ".quit", ".exit" -> {
                    return false;
                }
                case ".tables" -> tables();
                case ".columns" -> columns(argument);
                case ".functions" -> functions(argument);
                case ".format" -> format(argument);
                default -> help();
            }
        } catch (VitrineException | SQLException e) {
            out.println("error: " + e.getMessage());
        }
        out.flush();
        return true;
    }

    private void tables() throws SQLException {
        try (ResultSet tables = connection.getMetaData().getTables(null, null, null, null)) {
            while (tables.next()) {
                if (!tables.getString("TABLE_TYPE").startsWith("SYSTEM")) {
                    out.println(tables.getString("TABLE_SCHEM") + "." + tables.getString("TABLE_NAME"));
                }
            }
        }
    }

    private void columns(String table) throws SQLException {
        String pattern = table.isEmpty() ? "%" : table.substring(table.indexOf('.') + 1);
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, pattern, null)) {
            while (columns.next()) {
                out.println(columns.getString("TABLE_NAME") + "." + columns.getString("COLUMN_NAME") + "  "
                        + columns.getString("TYPE_NAME").replace(" NOT NULL", ""));
            }
        }
    }

    private void functions(String name) {
        if (name.isEmpty()) {
            functions.functions().forEach(function -> out.println(function.signature()));
        } else {
            out.print(FunctionText.of(functions.function(name)));
        }
    }

    private void format(String name) {
        for (OutputFormat format : OutputFormat.values()) {
            if (format.name().equalsIgnoreCase(name)) {
                runner.setFormat(format);
                return;
            }
        }
        out.println("format '" + name + "' is not known; expected table, csv or json");
    }

    private void help() {
        out.println("""
                .tables            tables of all schemas
                .columns [TABLE]   columns and their types
                .functions [NAME]  functions, or all about one
                .format FORMAT     table, csv or json
                .quit              leave, as Ctrl-D does
                Ctrl-C stops a running query, Tab completes.""");
    }
}
