package dev.vitrine.server.cli;

import dev.vitrine.server.result.CsvResult;
import dev.vitrine.server.result.JsonResult;
import dev.vitrine.server.result.ResultWriter;
import dev.vitrine.server.result.TableResult;
import java.io.OutputStream;

/** How the shell writes results. */
enum OutputFormat {
    TABLE,
    CSV,
    JSON;

    ResultWriter writer(OutputStream out, String queryId) {
        return switch (this) {
            case TABLE -> new TableResult(out);
            case CSV -> new CsvResult(out);
            case JSON -> new JsonResult(out, queryId);
        };
    }
}
