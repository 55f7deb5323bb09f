package dev.vitrine.sql.plan;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** Refuses, with its place, what Calcite parses and validates but cannot compute, before its planner fails in words of its own. */
final class NotComputed extends SqlBasicVisitor<@Nullable Void> {
    private static final String QUANTILE =
            "; expected a count on either side of a bound, as COUNT(*) FILTER (WHERE weight > 0.1)";
    private static final String RANK =
            "; expected RANK() and COUNT(*), as (RANK() OVER (ORDER BY x) - 1) / (COUNT(*) OVER () - 1.0)";
    private static final String ARRAY = "; expected ARRAY_AGG";

    /** By name in capitals: what to write in its place. */
    private static final Map<String, String> FUNCTIONS = Map.of(
            "PERCENTILE_CONT", QUANTILE,
            "PERCENTILE_DISC", QUANTILE,
            "PERCENT_RANK", RANK,
            "CUME_DIST", RANK,
            "COLLECT", ARRAY,
            "FUSION", ARRAY,
            "INTERSECTION", ARRAY);

    private static final Map<SqlKind, String> KINDS = Map.of(
            SqlKind.MATCH_RECOGNIZE, "MATCH_RECOGNIZE",
            SqlKind.MULTISET_VALUE_CONSTRUCTOR, "MULTISET",
            SqlKind.MULTISET_QUERY_CONSTRUCTOR, "MULTISET",
            SqlKind.IGNORE_NULLS, "IGNORE NULLS");

    @Override
    public @Nullable Void visit(SqlCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        String instead = FUNCTIONS.get(name);
        if (instead != null) {
            throw refused(call, name + " is not computed" + instead);
        }
        String kind = KINDS.get(call.getKind());
        if (kind != null) {
            throw refused(call, kind + " is not computed");
        }
        // Not by the operator's own walk, which leaves parts of a query out.
        List<@Nullable SqlNode> operands = call.getOperandList();
        for (SqlNode operand : operands) {
            if (operand != null) {
                operand.accept(this);
            }
        }
        return null;
    }

    private static CalciteContextException refused(SqlCall call, String message) {
        SqlParserPos at = call.getParserPosition();
        return new CalciteContextException(
                message,
                new VitrineException(ErrorCode.INVALID_SQL, message),
                at.getLineNum(),
                at.getColumnNum(),
                at.getEndLineNum(),
                at.getEndColumnNum());
    }
}
