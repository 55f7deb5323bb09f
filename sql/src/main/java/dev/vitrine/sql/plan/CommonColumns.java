package dev.vitrine.sql.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.util.SqlShuttle;
import org.jspecify.annotations.Nullable;

/**
 * Lets a column of {@code JOIN … USING (column)} be named without a table in every clause, as SQL says. Calcite resolves such a name in
 * the SELECT list, but calls it ambiguous in WHERE and not grouped in GROUP BY; here it becomes the left table's, which is the same value
 * in an inner or left join.
 */
final class CommonColumns extends SqlShuttle {
    private static final int SELECT_LIST = 1;
    private static final int GROUP_BY = 4;

    @Override
    public @Nullable SqlNode visit(SqlCall call) {
        SqlNode visited = super.visit(call);
        if (visited instanceof SqlSelect select) {
            Qualifier qualifier = new Qualifier(common(select));
            for (int clause : List.of(SELECT_LIST, SqlSelect.WHERE_OPERAND, GROUP_BY, SqlSelect.HAVING_OPERAND)) {
                SqlNode names = select.getOperandList().get(clause);
                if (names != null) {
                    select.setOperand(clause, names.accept(qualifier));
                }
            }
        }
        if (visited instanceof SqlOrderBy order && order.query instanceof SqlSelect select) {
            Map<String, SqlIdentifier> hidden = common(select);
            select.getSelectList().forEach(column -> hidden.remove(outputName(column)));
            SqlNode keys = Objects.requireNonNull(order.orderList.accept(new Qualifier(hidden)));
            return new SqlOrderBy(order.getParserPosition(), select, (SqlNodeList) keys, order.offset, order.fetch);
        }
        return visited;
    }

    private static Map<String, SqlIdentifier> common(SqlSelect select) {
        Map<String, SqlIdentifier> common = new HashMap<>();
        if (select.getFrom() != null) {
            collect(select.getFrom(), common);
        }
        return common;
    }

    /** What ORDER BY knows a column of the SELECT list as. */
    private static String outputName(SqlNode column) {
        SqlNode name = column.getKind() == SqlKind.AS ? ((SqlCall) column).operand(1) : column;
        return name instanceof SqlIdentifier identifier
                ? identifier.names.get(identifier.names.size() - 1).toLowerCase(Locale.ROOT)
                : "";
    }

    private static void collect(SqlNode from, Map<String, SqlIdentifier> common) {
        if (!(from instanceof SqlJoin join)) {
            return;
        }
        collect(join.getLeft(), common);
        collect(join.getRight(), common);
        boolean leftHolds = join.getJoinType() == JoinType.INNER || join.getJoinType() == JoinType.LEFT;
        if (join.getConditionType() != JoinConditionType.USING || !leftHolds || join.getCondition() == null) {
            return;
        }
        SqlIdentifier left = name(join.getLeft());
        SqlIdentifier owner = left == null && join.getJoinType() == JoinType.INNER ? name(join.getRight()) : left;
        for (SqlNode column : (SqlNodeList) join.getCondition()) {
            String name = ((SqlIdentifier) column).getSimple();
            if (owner != null) {
                common.putIfAbsent(name.toLowerCase(Locale.ROOT), owner.plus(name, column.getParserPosition()));
            }
        }
    }

    /** The name by which the leftmost table of a join is known; null where it has none, as a subquery may. */
    private static @Nullable SqlIdentifier name(SqlNode from) {
        if (from instanceof SqlJoin join) {
            return name(join.getLeft());
        }
        if (from.getKind() == SqlKind.AS) {
            return ((SqlCall) from).operand(1);
        }
        if (from.getKind() == SqlKind.TABLE_REF) {
            return name(((SqlCall) from).operand(0));
        }
        if (from instanceof SqlIdentifier table) {
            return table.getComponent(table.names.size() - 1);
        }
        return null;
    }

    private static final class Qualifier extends SqlShuttle {
        private final Map<String, SqlIdentifier> common;

        Qualifier(Map<String, SqlIdentifier> common) {
            this.common = common;
        }

        @Override
        public SqlNode visit(SqlIdentifier name) {
            SqlIdentifier qualified =
                    name.isSimple() ? common.get(name.getSimple().toLowerCase(Locale.ROOT)) : null;
            if (qualified == null) {
                return name;
            }
            List<String> names = new ArrayList<>(qualified.names);
            names.set(names.size() - 1, name.getSimple());
            return new SqlIdentifier(names, name.getParserPosition());
        }

        /** A subquery has names of its own, and an alias is none of a column. */
        @Override
        public @Nullable SqlNode visit(SqlCall call) {
            if (call.getKind() == SqlKind.SELECT) {
                return call;
            }
            if (call.getKind() == SqlKind.AS) {
                SqlNode column = Objects.requireNonNull(call.operand(0).accept(this));
                return call.getOperator().createCall(call.getParserPosition(), column, call.operand(1));
            }
            return super.visit(call);
        }
    }
}
