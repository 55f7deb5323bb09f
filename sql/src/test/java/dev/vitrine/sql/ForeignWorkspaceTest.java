package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.tx.Transaction;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionStore;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.MetaType;
import org.h2.mvstore.type.ObjectDataType;
import org.h2.mvstore.type.StringDataType;
import org.h2.result.Row;
import org.h2.result.RowFactory;
import org.h2.result.SearchRow;
import org.h2.value.CompareMode;
import org.h2.value.Value;
import org.h2.value.ValueInteger;
import org.h2.value.ValueJavaObject;
import org.h2.value.ValueVarchar;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A workspace file comes with a store that someone else may have made: nothing in it may run. */
public class ForeignWorkspaceTest {
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    private Path store;

    @BeforeEach
    void makeStore() throws Exception {
        Files.createDirectories(store.resolve("runs"));
        RUNS.set(0);
    }

    /** What a file might make H2 call. */
    public static int run() {
        return RUNS.incrementAndGet();
    }

    /** A trigger, were it ever made. */
    public static final class Trigger implements org.h2.api.Trigger {
        /** For H2. */
        public Trigger() {
            run();
        }

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {}
    }

    /** A type of keys and values, were it ever made. */
    public static final class Type extends BasicDataType<Object> {
        /** What H2 looks for. */
        public static final Type INSTANCE = new Type();

        @Override
        public int getMemory(Object value) {
            return 0;
        }

        @Override
        public void write(WriteBuffer bytes, Object value) {}

        @Override
        public Object read(ByteBuffer bytes) {
            run();
            return "";
        }

        @Override
        public Object[] createStorage(int size) {
            return new Object[size];
        }
    }

    /** An object whose deserialization is seen. */
    private static final class Bait implements Serializable {
        private static final long serialVersionUID = 1;

        private Object readResolve() {
            run();
            return this;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE ALIAS evil FOR 'dev.vitrine.sql.ForeignWorkspaceTest.run'",
                "CREATE ALIAS evil AS 'int run() { return dev.vitrine.sql.ForeignWorkspaceTest.run(); }'",
                "CREATE TRIGGER evil AFTER INSERT ON notes FOR EACH ROW CALL 'dev.vitrine.sql.ForeignWorkspaceTest$Trigger'",
                "CREATE LINKED TABLE evil('org.h2.Driver', 'jdbc:h2:mem:x;INIT=CREATE TABLE t(a INT)', '', '', 'T')",
                "CREATE VIEW evil AS SELECT * FROM CSVREAD('pom.xml')",
                "CREATE TABLE evil (a INT, b INT GENERATED ALWAYS AS (a + 1))",
                "CREATE TABLE evil (a VARCHAR DEFAULT CAST(FILE_READ('pom.xml') AS VARCHAR))",
                "CREATE TABLE evil (a VARCHAR ON UPDATE SYSTEM_USER)",
                "CREATE TABLE evil (a INT CHECK (a > 1))",
                "CREATE TABLE evil (a INT GENERATED ALWAYS AS IDENTITY)",
                "CREATE TABLE evil (a JAVA_OBJECT)",
                "CREATE INDEX evil ON notes(n)",
                "CREATE DOMAIN evil AS INT DEFAULT 1",
                "CREATE CONSTANT evil VALUE 1",
                "CREATE SEQUENCE evil",
                "CREATE SYNONYM evil FOR notes",
                "CREATE ROLE evil",
                "COMMENT ON TABLE notes IS 'evil'",
                "SET DEFAULT_LOCK_TIMEOUT 1"
            })
    void definitionThatVitrineDoesNotMakeIsRefused(String definition) throws Exception {
        makeWorkspace();
        h2(definition);
        int before = RUNS.get();
        refused("it defines ");
        assertThat(RUNS).hasValue(before);
    }

    @Test
    void statementPutAmongTheDefinitionsIsRefused() throws Exception {
        makeWorkspace();
        Path written = store.resolve("written.txt");
        forge("table.0", 4, row -> {
            row.setKey(1_000_000);
            row.setValue(0, ValueInteger.get(1_000_000));
            row.setValue(1, ValueInteger.get(0));
            row.setValue(2, ValueInteger.get(6));
            row.setValue(3, ValueVarchar.get("CALL FILE_WRITE('x', '" + written + "')"));
        });
        refused("it defines CALL FILE_WRITE('x'");
        assertThat(written).doesNotExist();
    }

    @Test
    void classNamedAsTypeIsNotLoaded() throws Exception {
        makeWorkspace();
        try (MVStore file = file()) {
            MVMap<String, DataType<?>> types = file.openMap(
                    "_",
                    new MVMap.Builder<String, DataType<?>>()
                            .keyType(StringDataType.INSTANCE)
                            .valueType(new MetaType<>(null, null)));
            types.put("evil", Type.INSTANCE);
        }
        refused("it names the type dev.vitrine.sql.ForeignWorkspaceTest$Type;");
    }

    @Test
    void preparedTransactionIsNotDeserialized() throws Exception {
        makeWorkspace();
        try (MVStore file = file()) {
            file.openMap("openTransactions").put(1, new Object[] {1, new Bait()});
        }
        int before = RUNS.get();
        refused("a transaction in it was prepared by another program;");
        assertThat(RUNS).hasValue(before);
    }

    @Test
    void undoRecordOfAnotherMapIsNotDeserialized() throws Exception {
        makeWorkspace();
        int map;
        try (MVStore file = file()) {
            map = file.openMap("openTransactions").getId();
            BasicDataType<Object> records = new BasicDataType<>() {
                @Override
                public int getMemory(Object value) {
                    return 0;
                }

                @Override
                public void write(WriteBuffer bytes, Object value) {
                    bytes.putVarInt(map);
                    new ObjectDataType().write(bytes, value);
                    bytes.put((byte) 0);
                }

                @Override
                public Object read(ByteBuffer bytes) {
                    throw new UnsupportedOperationException("only writes");
                }

                @Override
                public Object[] createStorage(int size) {
                    return new Object[size];
                }
            };
            file.openMap(
                            "undoLog.1",
                            new MVMap.Builder<Long, Object>()
                                    .keyType(LongDataType.INSTANCE)
                                    .valueType(records))
                    .put(1L << 40, new Bait());
        }
        refused("a change of map " + map + " is to be undone in it;");
        assertThat(RUNS).hasValue(0);
    }

    @Test
    void javaObjectInPlaceOfAValueIsNotDeserialized() throws Exception {
        makeWorkspace();
        int table;
        try (MVStore file = file()) {
            table = file.getMapNames().stream()
                    .filter(name -> name.startsWith("table."))
                    .mapToInt(name -> Integer.parseInt(name.substring(6)))
                    .max()
                    .orElseThrow();
        }
        byte[] object = ObjectDataType.serialize(new Bait());
        forge("table." + table, 1, row -> {
            row.setKey(7);
            row.setValue(0, ValueJavaObject.getNoCopy(object));
        });
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> values(statement, "select n from workspace.notes"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageStartingWith("workspace cannot be read: Data conversion error");
        }
        assertThat(RUNS).hasValue(0);
    }

    @Test
    void fileThatH2WouldPutInPlaceOfAMissingOneIsRefused() throws Exception {
        makeWorkspace();
        Files.move(store.resolve("workspace.mv.db"), store.resolve("workspace.mv.db.newFile"));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("create table workspace.more (n integer)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("beside it is workspace.mv.db.newFile");
        }
    }

    @Test
    void damagedFileIsRefused() throws Exception {
        Files.writeString(store.resolve("workspace.mv.db"), "no database at all".repeat(1000));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> values(statement, "select * from workspace.notes"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("workspace.mv.db is damaged or no H2 file: ");
        }
    }

    @Test
    void pathThatH2WouldTakeForSettingsIsRefused() throws Exception {
        Path hostile = Files.createDirectories(store.resolve("a;INIT=CREATE TABLE x(n INT)"));
        Files.createDirectories(hostile.resolve("runs"));
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + hostile);
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("create table workspace.more (n integer)"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("its path has a ';'; expected a path without");
        }
    }

    @Test
    void everythingThatVitrineMakesOpensAgain() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table workspace.\"größe \"\"x\"\" 'y'\" (a boolean default true, b tinyint default -1,"
                            + " c smallint, d integer not null primary key, e bigint default 12345678901, f real default 1.5,"
                            + " g double default 1e-30, h decimal(10, 2) default 3.14, i varchar(20) default 'it''s „so“ \\ -- x',"
                            + " j varchar, k varbinary, l date default '2020-02-29', m time default '12:34:56',"
                            + " n timestamp default '2020-02-29 12:34:56', o real array, p varchar array, q double default 2,"
                            + " r varchar default null, unique (b, c), unique (i))");
            statement.execute("create table workspace.many as select i.n * 100 + j.n as n, 'text' as t from (values "
                    + numbers() + ") as i(n), (values " + numbers() + ") as j(n)");
            statement.execute("create view workspace.few as select n from workspace.many where n < 10");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("insert into workspace.\"größe \"\"x\"\" 'y'\" (d, c) values (1, 2)");
            assertThat(values(statement, "select i from workspace.\"größe \"\"x\"\" 'y'\""))
                    .isEqualTo("it's „so“ \\ -- x ");
            assertThat(values(statement, "select count(*) from workspace.few")).isEqualTo("10 ");
            // Enough changes for H2 to note how selective each column is.
            statement.execute("delete from workspace.many where n > 100");
            statement.execute("insert into workspace.many select n + 1000, 'more' from workspace.many");
        }
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true");
                Statement statement = connection.createStatement()) {
            assertThat(values(statement, "select count(*) from workspace.many")).isEqualTo("202 ");
        }
    }

    private static String numbers() {
        StringBuilder numbers = new StringBuilder("0");
        for (int i = 1; i < 100; i++) {
            numbers.append(", ").append(i);
        }
        return numbers.toString();
    }

    private void makeWorkspace() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("create table workspace.notes (n integer)");
        }
    }

    private void h2(String sql) throws SQLException {
        String url = "jdbc:h2:file:" + store.resolve("workspace")
                + ";DATABASE_TO_UPPER=FALSE;CASE_INSENSITIVE_IDENTIFIERS=TRUE";
        try (Connection connection = DriverManager.getConnection(url, "vitrine", "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private MVStore file() {
        return MVStore.open(store.resolve("workspace.mv.db").toString());
    }

    /** Fills a row. */
    private interface Forgery {
        void fill(Row row);
    }

    private void forge(String map, int columns, Forgery forgery) {
        try (MVStore file = file()) {
            TransactionStore transactions = new TransactionStore(file);
            transactions.init();
            Transaction transaction = transactions.begin();
            RowFactory rows = RowFactory.getDefaultRowFactory()
                    .createRowFactory(
                            null, CompareMode.getInstance(null, 0), null, new int[columns], null, null, columns, false);
            TransactionMap<Long, SearchRow> rowsOfMap =
                    transaction.openMap(map, LongDataType.INSTANCE, rows.getRowDataType());
            Row row = rows.createRow(new Value[columns], 0);
            forgery.fill(row);
            rowsOfMap.put(row.getKey(), row);
            transaction.commit();
        }
    }

    private void refused(String reason) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store);
                Statement statement = connection.createStatement()) {
            for (String sql :
                    new String[] {"select * from workspace.notes", "insert into workspace.notes values (1)"}) {
                assertThatThrownBy(() -> statement.execute(sql))
                        .isInstanceOf(SQLException.class)
                        .hasMessageStartingWith("workspace "
                                + store.toRealPath().resolve("workspace.mv.db") + " is not opened: " + reason)
                        .hasMessageEndingWith("; expected plain tables as Vitrine makes them;"
                                + " delete the file to go on without it")
                        .cause()
                        .isInstanceOfSatisfying(
                                VitrineException.class,
                                cause -> assertThat(cause.code()).isEqualTo(ErrorCode.BAD_STORE));
            }
        }
    }

    private static String values(Statement statement, String sql) throws SQLException {
        StringBuilder values = new StringBuilder();
        try (ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.append(rows.getString(1)).append(' ');
            }
        }
        return values.toString();
    }
}
