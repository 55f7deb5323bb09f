package dev.vitrine.server.result;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableResultTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0.0, 0",
        "1, 1",
        "-1.5, -1.5",
        "0.1, 0.1",
        "0.123456789, 0.123457",
        "123456.789, 123457",
        "1234567.0, 1234567",
        "99999.95, 100000",
        "0.00012345678, 0.000123457",
        "0.00001234567, 1.23457e-05",
        "1e-300, 1e-300",
        "1e15, 1e+15",
        "NaN, NaN",
        "-Infinity, -Infinity"
    })
    void numbersHaveSixDigits(double value, String text) {
        assertThat(TableResult.number(value)).isEqualTo(text);
    }
}
