package dev.vitrine.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.server.TestServer;
import dev.vitrine.server.TestStore;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.sql.Database;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SqlOverHttpTest {
    private static final String EVERY_KIND = "SELECT * FROM (VALUES "
            + "(1, CAST(0.1 AS REAL), CAST(0.1 AS DOUBLE), 'a,\"b\"', TRUE, 9007199254740993), "
            + "(CAST(NULL AS INTEGER), CAST(NULL AS REAL), CAST(NULL AS DOUBLE), CAST(NULL AS VARCHAR), "
            + "CAST(NULL AS BOOLEAN), CAST(NULL AS BIGINT)), "
            + "(-2, CAST('NaN' AS REAL), CAST('-Infinity' AS DOUBLE), '', FALSE, 0)) AS t (i, r, d, s, b, l)";
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(QueryLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void jsonHasColumnsRowsAndAnEnd() throws Exception {
        HttpResponse<byte[]> response = server.sql(EVERY_KIND);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Truncated")).contains("false");
        assertThat(response.headers().firstValue("X-Rows")).contains("3");
        JsonNode body = TestServer.tree(response);
        assertThat(body.get("columns").toString())
                .isEqualTo("[{\"name\":\"i\",\"type\":\"INTEGER\"},{\"name\":\"r\",\"type\":\"REAL\"},"
                        + "{\"name\":\"d\",\"type\":\"DOUBLE\"},{\"name\":\"s\",\"type\":\"VARCHAR\"},"
                        + "{\"name\":\"b\",\"type\":\"BOOLEAN\"},{\"name\":\"l\",\"type\":\"BIGINT\"}]");
        assertThat(body.get("rows").toString())
                .isEqualTo("[[1,0.1,0.1,\"a,\\\"b\\\"\",true,9007199254740993],[null,null,null,null,null,null],"
                        + "[-2,\"NaN\",\"-Infinity\",\"\",false,0]]");
        assertThat(body.get("truncated").booleanValue()).isFalse();
        assertThat(body.get("status").textValue()).isEqualTo("complete");
        assertThat(body.get("stats").get("rows").intValue()).isEqualTo(3);
        assertThat(body.get("query_id").textValue())
                .isEqualTo(response.headers().firstValue("X-Query-Id").orElseThrow());
    }

    @Test
    void csvTellsNullFromEmptyAndKeepsEveryDigit() throws Exception {
        HttpResponse<byte[]> response = server.sql(EVERY_KIND, "text/csv");
        assertThat(response.headers().firstValue("Content-Type")).contains("text/csv; charset=utf-8; header=present");
        assertThat(TestServer.text(response)).isEqualTo("""
                        i,r,d,s,b,l
                        1,0.1,0.1,"a,""b""\",true,9007199254740993
                        ,,,,,
                        -2,NaN,-Infinity,"",false,0
                        """);
    }

    @Test
    void arrowKeepsTypesAndNulls() throws Exception {
        HttpResponse<byte[]> response = server.sql(EVERY_KIND, "application/vnd.apache.arrow.stream");
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader =
                        new ArrowStreamReader(new ByteArrayInputStream(response.body()), allocator)) {
            VectorSchemaRoot root = reader.getVectorSchemaRoot();
            assertThat(root.getSchema().getFields().stream()
                            .map(field -> field.getName() + " " + field.getType())
                            .toList())
                    .containsExactly(
                            "i Int(32, true)",
                            "r FloatingPoint(SINGLE)",
                            "d FloatingPoint(DOUBLE)",
                            "s Utf8",
                            "b Bool",
                            "l Int(64, true)");
            assertThat(reader.loadNextBatch()).isTrue();
            assertThat(root.getRowCount()).isEqualTo(3);
            assertThat(root.getVector("i").getObject(0)).isEqualTo(1);
            assertThat(root.getVector("i").isNull(1)).isTrue();
            assertThat(root.getVector("s").getObject(0)).hasToString("a,\"b\"");
            assertThat(root.getVector("s").getObject(2)).hasToString("");
            assertThat(root.getVector("r").getObject(2)).isEqualTo(Float.NaN);
            assertThat(root.getVector("b").getObject(0)).isEqualTo(true);
            assertThat(root.getVector("l").getObject(0)).isEqualTo(9007199254740993L);
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }

    @Test
    void vectorsArriveBitForBitInEveryFormat() throws Exception {
        String sql =
                "SELECT pos, vector FROM queries WHERE run = 'rrt' AND prompt = 1 AND layer = 1 AND head = 2 ORDER BY pos";
        List<float[]> expected = embedded(sql);
        assertThat(expected).hasSize(40).allSatisfy(vector -> assertThat(vector).hasSize(16));

        JsonNode rows = TestServer.tree(server.sql(sql)).get("rows");
        String[] lines = TestServer.text(server.sql(sql, "text/csv")).split("\n", -1);
        byte[] arrow = server.sql(sql, "application/vnd.apache.arrow.stream").body();
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(arrow), allocator)) {
            assertThat(reader.loadNextBatch()).isTrue();
            ListVector vectors = (ListVector) reader.getVectorSchemaRoot().getVector("vector");
            Float4Vector elements = (Float4Vector) vectors.getDataVector();
            for (int row = 0; row < 40; row++) {
                String[] csv = lines[row + 1].replaceAll("^\\d+,\"\\[|]\"$", "").split(",", -1);
                for (int i = 0; i < 16; i++) {
                    int bits = Float.floatToIntBits(expected.get(row)[i]);
                    assertThat(Float.floatToIntBits(rows.get(row).get(1).get(i).floatValue()))
                            .isEqualTo(bits);
                    assertThat(Float.floatToIntBits(Float.parseFloat(csv[i]))).isEqualTo(bits);
                    assertThat(Float.floatToIntBits(elements.get(vectors.getElementStartIndex(row) + i)))
                            .isEqualTo(bits);
                }
            }
        }
    }

    private static List<float[]> embedded(String sql) throws Exception {
        List<float[]> vectors = new ArrayList<>();
        try (Database database = Database.open(TestStore.folder(), false);
                Connection connection = database.connect(true);
                ResultSet rows = connection.createStatement().executeQuery(sql)) {
            while (rows.next()) {
                vectors.add(rows.getObject(2, float[].class));
            }
        }
        return vectors;
    }

    @Test
    void manyRowsComeInChunksWithTheirNumberBehind() throws Exception {
        String answer = server.raw(TestServer.rawPost("SELECT *, 'some more text' AS more FROM attention", "text/csv"));
        assertThat(answer.substring(0, 500))
                .startsWith("HTTP/1.1 200 OK")
                .contains("Transfer-Encoding: chunked")
                .contains("Trailer: X-Rows, X-Truncated");
        assertThat(answer.length()).isGreaterThan(HeldBackStream.HELD_BYTES);
        assertThat(answer.substring(answer.length() - 100))
                .contains("X-Rows: " + TestStore.ATTENTION_ROWS)
                .contains("X-Truncated: false");
    }

    @Test
    void manyRowsAreManyArrowBatches() throws Exception {
        byte[] arrow = server.sql("SELECT prompt, weight FROM attention", "application/vnd.apache.arrow.stream")
                .body();
        int rows = 0;
        int batches = 0;
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(arrow), allocator)) {
            while (reader.loadNextBatch()) {
                rows += reader.getVectorSchemaRoot().getRowCount();
                batches++;
            }
        }
        assertThat(rows).isEqualTo(TestStore.ATTENTION_ROWS);
        assertThat(batches).isEqualTo(5);
    }

    @Test
    void parametersAreBoundByPosition() throws Exception {
        JsonNode body = TestServer.tree(server.json("""
                {"sql": "SELECT pos, is_special FROM tokens WHERE run = ? AND prompt = ? AND pos > ? AND is_special = ? ORDER BY pos",
                 "params": ["rrt", 2, 37, false], "query_id": "mine-1"}
                """));
        assertThat(body.get("rows").toString()).isEqualTo("[[38,false],[39,false]]");
        assertThat(body.get("query_id").textValue()).isEqualTo("mine-1");
    }

    @Test
    void aVectorIsAParameterToo() throws Exception {
        JsonNode body = TestServer.tree(server.json("""
                {"sql": "SELECT dot(CAST(? AS REAL ARRAY), CAST(? AS REAL ARRAY)) AS d", "params": [[1, 2, 3], [0.5, 0, -1]]}
                """));
        assertThat(body.get("rows").toString()).isEqualTo("[[-2.5]]");
    }

    /** On one connection, over and over: asking whether the client has gone must not take a byte of its next request. */
    @RepeatedTest(400)
    void maxRowsCutsAndSaysSo() throws Exception {
        String request = "{\"sql\": \"SELECT pos FROM tokens WHERE prompt = 0 ORDER BY pos\", \"max_rows\": %d}";
        JsonNode cut = TestServer.tree(server.json(request.formatted(39)));
        assertThat(cut.get("rows")).hasSize(39);
        assertThat(cut.get("truncated").booleanValue()).isTrue();
        assertThat(cut.get("status").textValue()).isEqualTo("complete");
        JsonNode whole = TestServer.tree(server.json(request.formatted(40)));
        assertThat(whole.get("rows")).hasSize(40);
        assertThat(whole.get("truncated").booleanValue()).isFalse();
        HttpResponse<byte[]> csv = server.send(server.post(request.formatted(39), "application/json", "text/csv"));
        assertThat(csv.headers().firstValue("X-Truncated")).contains("true");
    }

    @Test
    void formatInTheUrlWinsOverAccept() throws Exception {
        HttpResponse<byte[]> response = server.send(server.request("/v1/sql?format=csv")
                .header("Content-Type", "application/sql; charset=utf-8")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("SELECT 1 AS one")));
        assertThat(TestServer.text(response)).isEqualTo("one\n1\n");
    }

    @Test
    void theMostWantedFormatIsServed() throws Exception {
        assertThat(server.sql("SELECT 1 AS one", "application/json;q=0.5, text/csv;q=0.9, text/html")
                        .headers()
                        .firstValue("Content-Type"))
                .contains("text/csv; charset=utf-8; header=present");
        assertThat(server.sql("SELECT 1 AS one", "*/*").headers().firstValue("Content-Type"))
                .contains("application/json");
    }

    @Test
    void anEmptyResultHasItsColumns() throws Exception {
        String sql = "SELECT pos, token FROM tokens WHERE prompt = 99";
        assertThat(TestServer.text(server.sql(sql, "text/csv"))).isEqualTo("pos,token\n");
        assertThat(TestServer.tree(server.sql(sql)).get("rows")).isEmpty();
        byte[] arrow = server.sql(sql, "application/vnd.apache.arrow.stream").body();
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(arrow), allocator)) {
            assertThat(reader.getVectorSchemaRoot().getSchema().getFields()).hasSize(2);
            assertThat(reader.loadNextBatch()).isFalse();
        }
    }
}
