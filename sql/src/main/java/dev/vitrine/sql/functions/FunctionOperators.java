package dev.vitrine.sql.functions;

import dev.vitrine.udfs.FunctionCatalog;
import dev.vitrine.udfs.FunctionDescription;
import java.util.List;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** Every function of a catalogue as an operator of SQL. */
public final class FunctionOperators {
    private FunctionOperators() {}

    /** One operator per function, under its name. */
    public static SqlOperatorTable of(FunctionCatalog catalog) {
        List<SqlOperator> operators =
                catalog.functions().stream().map(FunctionOperators::operator).toList();
        return SqlOperatorTables.of(operators);
    }

    private static SqlOperator operator(FunctionDescription function) {
        return switch (function.kind()) {
            case SCALAR -> new ScalarOperator(function);
            case AGGREGATE -> new AggregateOperator(function);
            case TABLE -> new TableOperator(function);
        };
    }
}
