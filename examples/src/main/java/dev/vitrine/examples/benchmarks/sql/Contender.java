package dev.vitrine.examples.benchmarks.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A database that is timed.
 *
 * @param layout DuckDB's; null for Vitrine
 * @param connection for one client
 * @param door opens connections for more clients
 */
record Contender(String name, DuckDbCopy.@Nullable Layout layout, Connection connection, Clients.Door door) {
    static Contender vitrine(Path store) throws SQLException {
        String url = "jdbc:vitrine:" + store + "?readonly=true";
        return new Contender("Vitrine", null, DriverManager.getConnection(url), () -> DriverManager.getConnection(url));
    }

    /** DuckDB's copy under a folder, which is there. */
    static Contender duckdb(Path folder, DuckDbCopy.Layout layout, int threads) throws SQLException {
        DuckDBConnection connection = DriverManager.getConnection("jdbc:duckdb:" + file(folder, layout))
                .unwrap(DuckDBConnection.class);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + threads);
        }
        return new Contender("DuckDB " + layout, layout, connection, connection::duplicate);
    }

    /** Makes DuckDB's copy unless it is there. A copy that was broken off is none. */
    static void copy(Connection vitrine, Path folder, DuckDbCopy.Layout layout, int tokens, int headSize)
            throws SQLException, IOException {
        Path file = file(folder, layout);
        if (!Files.exists(file)) {
            Path part = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(part);
            DuckDbCopy.write(vitrine, part, layout, tokens, headSize);
            Files.move(part, file);
        }
    }

    private static Path file(Path folder, DuckDbCopy.Layout layout) {
        return folder.resolve(layout.name().toLowerCase(Locale.ROOT) + ".duckdb");
    }

    /** The query as this database is asked. */
    String sql(BenchmarkQuery query) {
        return layout == null ? query.vitrine() : query.duckdb(layout);
    }
}
