package dev.vitrine.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.zip.GZIPInputStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Table logits has the logits of Hugging Face, and the log-probabilities that follow from them in float64, for every family. */
class ReferenceLogitsTest {
    @Test
    void logitsAndLogProbabilitiesAreTheReference(@TempDir Path store) throws Exception {
        GoldenStore.writeReferencePrompts(store, GoldenStore.families());
        int families = 0;
        try (Connection connection = DriverManager.getConnection("jdbc:vitrine:" + store + "?readonly=true");
                PreparedStatement rows = connection.prepareStatement(
                        "SELECT logit, log_prob FROM logits WHERE run = ? AND prompt = ? ORDER BY pos, token_id")) {
            for (String family : GoldenStore.families()) {
                int compared = 0;
                for (int prompt = 0; prompt < 2; prompt++) {
                    rows.setString(1, family);
                    rows.setInt(2, prompt);
                    try (ResultSet row = rows.executeQuery()) {
                        compared += compare(row, family, "p" + prompt + ".logits");
                    }
                }
                families += compared > 0 ? 1 : 0;
                assertThat(compared > 0).as(family).isEqualTo(!family.equals("bert-base-prefixless"));
            }
        }
        assertThat(families).isEqualTo(20);
    }

    /** Compares all rows; gives how many there are. */
    private static int compare(ResultSet row, String family, String tensor) throws Exception {
        byte[] file;
        try (InputStream packed =
                Files.newInputStream(GoldenStore.GOLDENS.resolve(family).resolve("reference.safetensors.gz"))) {
            file = new GZIPInputStream(packed).readAllBytes();
        }
        int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
        JsonNode entry = new JsonMapper().readTree(file, 8, header).path(tensor);
        if (entry.isMissingNode()) {
            assertThat(row.next()).isFalse();
            return 0;
        }
        int from = 8 + header + entry.get("data_offsets").get(0).intValue();
        int vocabulary = entry.get("shape").get(1).intValue();
        int count = entry.get("shape").get(0).intValue() * vocabulary;
        FloatBuffer logits = ByteBuffer.wrap(file, from, count * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        for (int i = 0; i < count; i++) {
            assertThat(row.next()).isTrue();
            double logit = logits.get(i);
            double logProbability = logit - logSum(logits, i / vocabulary * vocabulary, vocabulary);
            assertThat(row.getDouble("logit")).isCloseTo(logit, allowed(logit));
            assertThat(row.getDouble("log_prob")).isCloseTo(logProbability, allowed(logProbability));
        }
        assertThat(row.next()).isFalse();
        return count;
    }

    private static Offset<Double> allowed(double expected) {
        return Offset.offset(1e-4 + 1e-5 * Math.abs(expected));
    }

    private static double logSum(FloatBuffer logits, int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits.get(from + i));
        }
        return Math.log(sum);
    }
}
