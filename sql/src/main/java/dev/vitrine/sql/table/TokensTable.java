package dev.vitrine.sql.table;

import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;

/** {@code tokens}: the tokens of every prompt. */
final class TokensTable extends StoreTable {
    TokensTable(Supplier<List<Run>> runs) {
        super(
                runs,
                Column.coordinate("run", Column.Type.TEXT),
                Column.coordinate("prompt", Column.Type.INTEGER),
                Column.coordinate("pos", Column.Type.INTEGER),
                Column.value("token_id", Column.Type.INTEGER),
                Column.value("token", Column.Type.TEXT),
                Column.value("is_special", Column.Type.BOOLEAN));
    }

    @Override
    double rows(Run run) {
        return run.manifest().tokens();
    }

    @Override
    Cursor open(Query query, Bounds bounds) {
        return new RunCursor(query, bounds, run -> true, 1, 2) {
            @Override
            int endOf(int level) {
                return level == 1 ? run().prompts() : run().tokens(at(1));
            }

            @Override
            public Object value(int column) {
                return switch (column) {
                    case 0 -> run().name();
                    case 1, 2 -> boxed(column);
                    case 3 -> boxedIndex(run().tokenId(at(1), at(2)));
                    case 4 -> run().token(at(1), at(2));
                    default -> run().special(at(1), at(2));
                };
            }
        };
    }
}
