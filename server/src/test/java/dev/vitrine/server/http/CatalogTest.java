package dev.vitrine.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vitrine.server.TestServer;
import dev.vitrine.server.query.QueryLimits;
import dev.vitrine.udfs.FunctionCatalog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatalogTest {
    @Test
    void theCatalogueHasTablesColumnsAndFunctions() throws Exception {
        try (TestServer server = new TestServer(QueryLimits.DEFAULT)) {
            JsonNode catalog = TestServer.tree(server.send(server.request("/v1/catalog")));
            assertThat(catalog.get("default_schema").textValue()).isEqualTo("vitrine");
            List<String> tables = new ArrayList<>();
            catalog.get("tables")
                    .forEach(table -> tables.add(table.get("schema").textValue() + "."
                            + table.get("name").textValue()));
            assertThat(tables)
                    .contains(
                            "vitrine.models",
                            "vitrine.runs",
                            "vitrine.prompts",
                            "vitrine.prompt_labels",
                            "vitrine.tokens",
                            "vitrine.vocabulary",
                            "vitrine.heads",
                            "vitrine.queries",
                            "vitrine.keys",
                            "vitrine.value_vectors",
                            "vitrine.attention",
                            "vitrine.hidden_states",
                            "vitrine.neurons",
                            "vitrine.logits",
                            "vitrine.weights");
            assertThat(tables).allMatch(table -> table.startsWith("vitrine.") || table.startsWith("workspace."));
            JsonNode attention = catalog.get("tables").get(tables.indexOf("vitrine.attention"));
            assertThat(attention.get("columns").toString())
                    .contains("{\"name\":\"run\",\"type\":\"VARCHAR\",\"nullable\":false")
                    .contains("{\"name\":\"weight\",\"type\":\"REAL\",\"nullable\":false");

            List<String> functions = new ArrayList<>();
            catalog.get("functions")
                    .forEach(function -> functions.add(function.get("name").textValue()));
            assertThat(functions)
                    .containsExactlyElementsOf(FunctionCatalog.load().functions().stream()
                            .map(function -> function.name())
                            .toList());
            JsonNode dot = catalog.get("functions").get(functions.indexOf("dot"));
            assertThat(dot.get("kind").textValue()).isEqualTo("scalar");
            assertThat(dot.get("result").textValue()).isEqualTo("DOUBLE");
            assertThat(dot.get("arguments").get(0).toString())
                    .isEqualTo("{\"name\":\"a\",\"type\":\"REAL ARRAY\",\"meaning\":\"a vector\"}");
            assertThat(dot.get("summary").textValue()).isNotBlank();
            assertThat(dot.get("example").textValue()).startsWith("SELECT");
        }
    }
}
