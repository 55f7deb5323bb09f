package dev.vitrine.server.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.vitrine.sql.Database;
import dev.vitrine.udfs.FunctionDescription;
import io.javalin.http.Context;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/catalog}: schemas, tables, columns and functions, all that an editor needs to complete and explain SQL. */
public final class CatalogEndpoint {
    private final Database database;

    public CatalogEndpoint(Database database) {
        this.database = database;
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record ColumnEntry(
            String name,
            String type,
            boolean nullable,
            @Nullable String remarks) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record TableEntry(
            String schema,
            String name,
            String type,
            @Nullable String remarks,
            List<ColumnEntry> columns) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record ArgumentEntry(
            String name, String type, @Nullable String meaning) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record FunctionEntry(
            String name,
            String kind,
            List<ArgumentEntry> arguments,
            @Nullable String result,
            List<ArgumentEntry> columns,
            String signature,
            String summary,
            String source,
            String example) {}

    private record Catalog(
            @JsonProperty("default_schema") String defaultSchema,
            List<TableEntry> tables,
            List<FunctionEntry> functions) {}

    /** Answers one request. */
    public void get(Context ctx) throws SQLException {
        List<FunctionEntry> functions = database.functions().functions().stream()
                .map(CatalogEndpoint::function)
                .toList();
        ctx.json(new Catalog("vitrine", tables(), functions));
    }

    private List<TableEntry> tables() throws SQLException {
        try (Connection connection = database.connect(true)) {
            DatabaseMetaData metaData = connection.getMetaData();
            Map<List<String>, List<ColumnEntry>> columns = columns(metaData);
            List<TableEntry> tables = new ArrayList<>();
            try (ResultSet rows = metaData.getTables(null, null, null, null)) {
                while (rows.next()) {
                    String schema = rows.getString("TABLE_SCHEM");
                    String name = rows.getString("TABLE_NAME");
                    if (schema.equalsIgnoreCase("metadata")) {
                        continue; // Calcite's own
                    }
                    tables.add(new TableEntry(
                            schema,
                            name,
                            rows.getString("TABLE_TYPE"),
                            rows.getString("REMARKS"),
                            columns.getOrDefault(List.of(schema, name), List.of())));
                }
            }
            return tables;
        }
    }

    private static Map<List<String>, List<ColumnEntry>> columns(DatabaseMetaData metaData) throws SQLException {
        Map<List<String>, List<ColumnEntry>> columns = new LinkedHashMap<>();
        try (ResultSet rows = metaData.getColumns(null, null, null, null)) {
            while (rows.next()) {
                columns.computeIfAbsent(
                                List.of(rows.getString("TABLE_SCHEM"), rows.getString("TABLE_NAME")),
                                table -> new ArrayList<>())
                        .add(new ColumnEntry(
                                rows.getString("COLUMN_NAME"),
                                rows.getString("TYPE_NAME").replace(" NOT NULL", ""),
                                rows.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls,
                                rows.getString("REMARKS")));
            }
        }
        return columns;
    }

    private static FunctionEntry function(FunctionDescription function) {
        return new FunctionEntry(
                function.name(),
                function.kind().name().toLowerCase(Locale.ROOT),
                fields(function.arguments()),
                function.result() == null ? null : function.result().label(),
                fields(function.columns()),
                function.signature(),
                function.summary(),
                function.source(),
                function.example());
    }

    private static List<ArgumentEntry> fields(List<FunctionDescription.Field> fields) {
        return fields.stream()
                .map(field -> new ArgumentEntry(
                        field.name(), field.type().label(), field.meaning().isEmpty() ? null : field.meaning()))
                .toList();
    }
}
