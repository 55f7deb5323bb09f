package dev.vitrine.examples.readme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's list of tables has the columns that JDBC reports. */
final class TablesTest {
    @TempDir
    Path store;

    @Test
    void readmeListsEveryTableWithItsColumns() throws Exception {
        Files.createDirectories(store.resolve("runs"));
        Map<String, String> tables = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                ResultSet column = connection.getMetaData().getColumns(null, "vitrine", "%", "%")) {
            while (column.next()) {
                tables.merge(
                        column.getString("TABLE_NAME"),
                        column.getString("COLUMN_NAME"),
                        (before, name) -> before + ", " + name);
            }
        }
        List<String> readme = Files.readAllLines(Path.of("..", "README.md"));
        List<String> rows = readme.subList(readme.indexOf("| table | columns |") + 2, readme.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .sorted()
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(tables.entrySet().stream()
                        .map(table -> "| `" + table.getKey() + "` | " + table.getValue() + " |")
                        .sorted()
                        .collect(Collectors.toList()));
    }
}
