package dev.vitrine.sql;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.AvaticaFactory;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.UnregisteredDriver;
import org.jspecify.annotations.Nullable;

/**
 * The embedded JDBC driver, at {@code jdbc:vitrine:/path/to/store} or {@code jdbc:vitrine:/path/to/store?readonly=true}. Connections of one
 * process to one store share a {@link Database}, which closes with the last of them. {@code user} and {@code password} are taken and
 * ignored, because many tools always send them; any other property but {@code readonly} is an error.
 */
public final class VitrineDriver extends UnregisteredDriver {
    static final VitrineDriver INSTANCE = new VitrineDriver();

    static {
        INSTANCE.register();
    }

    private static final String PREFIX = "jdbc:vitrine:";
    private static final String READ_ONLY = "readonly";
    private static final Set<String> IGNORED = Set.of("user", "password");
    private static final Map<Path, Shared> OPEN = new HashMap<>();

    /** A database and how many connections use it. */
    private static final class Shared {
        private final Database database;
        private int connections;

        private Shared(Database database) {
            this.database = database;
        }
    }

    /** For {@link java.util.ServiceLoader}; programs go through {@link java.sql.DriverManager} or {@link Database#connect}. */
    public VitrineDriver() {}

    @Override
    public @Nullable Connection connect(String url, Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        try {
            String location = url.substring(PREFIX.length());
            int question = location.indexOf('?');
            String path = question < 0 ? location : location.substring(0, question);
            Map<String, String> properties = new HashMap<>();
            info.stringPropertyNames().forEach(name -> properties.put(name, info.getProperty(name)));
            if (question >= 0) {
                addProperties(location.substring(question + 1), properties);
            }
            boolean readOnly = readOnly(url, properties);
            Path store = store(path);
            Database database = acquire(store);
            return connect(database, readOnly, () -> release(store));
        } catch (VitrineException e) {
            throw Failures.of(e);
        }
    }

    Connection connect(Database database, boolean readOnly, Runnable whenClosed) {
        return new VitrineConnection(this, factory, database, readOnly, whenClosed);
    }

    private static void addProperties(String query, Map<String, String> properties) {
        for (String property : query.split("&", -1)) {
            int equals = property.indexOf('=');
            if (equals < 0) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "URL property '" + property + "' has no value; expected " + READ_ONLY + "=true");
            }
            properties.put(property.substring(0, equals), property.substring(equals + 1));
        }
    }

    private static boolean readOnly(String url, Map<String, String> properties) {
        for (String name : properties.keySet()) {
            if (!name.equals(READ_ONLY) && !IGNORED.contains(name)) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT,
                        "property '" + name + "' of " + url + " is not known; expected " + READ_ONLY);
            }
        }
        String value = properties.getOrDefault(READ_ONLY, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new VitrineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "property " + READ_ONLY + " of " + url + " is '" + value + "'; expected true or false");
        }
        return value.equals("true");
    }

    private static Path store(String path) {
        try {
            if (path.isEmpty()) {
                throw new VitrineException(
                        ErrorCode.INVALID_ARGUMENT, PREFIX + " names no store; expected " + PREFIX + "/path/to/store");
            }
            return Path.of(path).toRealPath();
        } catch (InvalidPathException e) {
            throw new VitrineException(ErrorCode.INVALID_ARGUMENT, "store '" + path + "' is not a path: " + e, e);
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.NOT_FOUND, "store " + path + ": no such folder", e);
        }
    }

    private static Database acquire(Path store) {
        synchronized (OPEN) {
            Shared shared = OPEN.get(store);
            if (shared == null) {
                shared = new Shared(Database.open(store, true));
                OPEN.put(store, shared);
            }
            shared.connections++;
            return shared.database;
        }
    }

    private static void release(Path store) {
        synchronized (OPEN) {
            Shared shared = OPEN.get(store);
            if (shared != null && --shared.connections == 0) {
                OPEN.remove(store);
                shared.database.close();
            }
        }
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) {
        DriverPropertyInfo readOnly = new DriverPropertyInfo(READ_ONLY, info.getProperty(READ_ONLY, "false"));
        readOnly.description = "whether the workspace can only be read";
        readOnly.choices = new String[] {"false", "true"};
        return new DriverPropertyInfo[] {readOnly};
    }

    @Override
    protected String getConnectStringPrefix() {
        return PREFIX;
    }

    @Override
    protected AvaticaFactory createFactory() {
        return new VitrineFactory();
    }

    @Override
    protected DriverVersion createDriverVersion() {
        return new DriverVersion("Vitrine JDBC driver", "0.1.0", "Vitrine", "0.1.0", true, 0, 1, 0, 1);
    }

    @Override
    public Meta createMeta(AvaticaConnection connection) {
        return new VitrineMeta((VitrineConnection) connection);
    }
}
