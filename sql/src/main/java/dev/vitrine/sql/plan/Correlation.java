package dev.vitrine.sql.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/** {@code CORR(x, y)}, which SQL has and Calcite does not, is {@code weighted_corr(x, y, 1)}. */
final class Correlation extends SqlShuttle {
    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        SqlCall visited = (SqlCall) Objects.requireNonNull(super.visit(call));
        if (!(visited.getOperator() instanceof SqlUnresolvedFunction)
                || !visited.getOperator().getName().equalsIgnoreCase("CORR")
                || visited.operandCount() != 2) {
            return visited;
        }
        SqlParserPos at = visited.getParserPosition();
        List<SqlNode> arguments = new ArrayList<>(visited.getOperandList());
        arguments.add(SqlLiteral.createExactNumeric("1", at));
        SqlUnresolvedFunction weighted = new SqlUnresolvedFunction(
                new SqlIdentifier("weighted_corr", at),
                null,
                null,
                null,
                null,
                SqlFunctionCategory.USER_DEFINED_FUNCTION);
        return weighted.createCall(visited.getFunctionQuantifier(), at, arguments);
    }
}
