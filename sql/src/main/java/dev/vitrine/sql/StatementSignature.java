package dev.vitrine.sql;

import dev.vitrine.sql.plan.CompiledQuery;
import dev.vitrine.sql.plan.CompiledStatement;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.ColumnMetaData;
import org.apache.calcite.avatica.Meta;

/** What Avatica knows of a statement, with the compiled statement itself. */
final class StatementSignature extends Meta.Signature {
    private final CompiledStatement statement;

    StatementSignature(String sql, CompiledStatement statement, List<ColumnMetaData> columns) {
        super(
                columns,
                sql,
                ResultColumns.parameters(statement.parameters(), statement.types()),
                Map.of(),
                columns.size() == 1 ? Meta.CursorFactory.OBJECT : Meta.CursorFactory.ARRAY,
                statement instanceof CompiledQuery ? Meta.StatementType.SELECT : Meta.StatementType.OTHER_DML);
        this.statement = statement;
    }

    static StatementSignature of(String sql, CompiledStatement statement) {
        return new StatementSignature(
                sql, statement, statement instanceof CompiledQuery query ? ResultColumns.of(query) : List.of());
    }

    CompiledStatement statement() {
        return statement;
    }
}
