package dev.vitrine.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqlScriptTest {
    @Test
    void semicolonsOutsideOfQuotesAndCommentsCut() {
        assertThat(SqlScript.statements("a;b ;\n c")).containsExactly("a", "b", "c");
        assertThat(SqlScript.statements("SELECT ';', 'it''s;', \"a;b\" -- x;y\n; /* ; */ SELECT 2"))
                .containsExactly("SELECT ';', 'it''s;', \"a;b\" -- x;y", "/* ; */ SELECT 2");
    }

    @Test
    void aCommentStaysWithItsStatementAndIsNoneByItself() {
        assertThat(SqlScript.statements("-- why\nSELECT 1;\n-- the end; really\n"))
                .containsExactly("-- why\nSELECT 1");
        assertThat(SqlScript.statements(" ;; \n; -- nothing\n/* nothing */")).isEmpty();
        assertThat(SqlScript.statements("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1", "SELECT ';", "SELECT 1 -- ;", "SELECT 1; SELECT 2", "SELECT /* ; ", "x\n"})
    void aStatementIsOpenWithoutItsSemicolon(String text) {
        assertThat(SqlScript.isOpen(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1;", "SELECT ';';\n", "", " ", "-- only a comment", "SELECT 1; -- done"})
    void aTextThatIsCompleteIsNot(String text) {
        assertThat(SqlScript.isOpen(text)).isFalse();
    }
}
