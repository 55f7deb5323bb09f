package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.code.RowOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableLimitSort;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.EnumerableSort;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Sorts rows by comparing values in the type they have. Calcite's own sort makes a BigDecimal of every number it compares
 * (CALCITE-7359), a hundred times slower. Public because generated code calls it.
 */
public final class TypedSort extends Sort implements EnumerableRel {
    private static final Set<SqlTypeName> SORTABLE = EnumSet.of(
            SqlTypeName.TINYINT,
            SqlTypeName.SMALLINT,
            SqlTypeName.INTEGER,
            SqlTypeName.BIGINT,
            SqlTypeName.REAL,
            SqlTypeName.FLOAT,
            SqlTypeName.DOUBLE,
            SqlTypeName.DECIMAL,
            SqlTypeName.BOOLEAN,
            SqlTypeName.CHAR,
            SqlTypeName.VARCHAR);

    private TypedSort(Sort sort, RelNode input) {
        this(sort.getTraitSet(), input, sort.getCollation(), sort.offset, sort.fetch, sort);
    }

    private TypedSort(
            RelTraitSet traits,
            RelNode input,
            RelCollation collation,
            @Nullable RexNode offset,
            @Nullable RexNode fetch,
            RelNode place) {
        super(place.getCluster(), traits, input, collation, offset, fetch);
    }

    /** A finished plan with the sorts replaced that this one can do. */
    public static RelNode replace(RelNode plan) {
        List<RelNode> inputs = new ArrayList<>();
        for (RelNode input : plan.getInputs()) {
            inputs.add(replace(input));
        }
        if ((plan instanceof EnumerableSort || plan instanceof EnumerableLimitSort) && sortable((Sort) plan)) {
            return new TypedSort((Sort) plan, inputs.get(0));
        }
        return inputs.equals(plan.getInputs()) ? plan : plan.copy(plan.getTraitSet(), inputs);
    }

    private static boolean sortable(Sort sort) {
        for (RelFieldCollation field : sort.getCollation().getFieldCollations()) {
            SqlTypeName type = sort.getRowType()
                    .getFieldList()
                    .get(field.getFieldIndex())
                    .getType()
                    .getSqlTypeName();
            if (!SORTABLE.contains(type)) {
                return false;
            }
        }
        return constant(sort.offset) && constant(sort.fetch);
    }

    private static boolean constant(@Nullable RexNode rex) {
        return rex == null || rex instanceof RexLiteral;
    }

    @Override
    public Sort copy(
            RelTraitSet traits,
            RelNode input,
            RelCollation collation,
            @Nullable RexNode offset,
            @Nullable RexNode fetch) {
        return new TypedSort(traits, input, collation, offset, fetch, this);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
        Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
        BlockBuilder code = new BlockBuilder();
        Expression rows = code.append("rows", input.block);
        PhysType type = input.physType;
        if (getRowType().getFieldCount() > 1) {
            rows = type.convertTo(rows, JavaRowFormat.ARRAY);
            type = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
        }
        Expression order = implementor.stash(collation, RelCollation.class);
        code.add(Expressions.return_(
                null,
                Expressions.call(
                        TypedSort.class,
                        "sort",
                        rows,
                        order,
                        Expressions.constant(offset == null ? 0 : RexLiteral.intValue(offset)),
                        Expressions.constant(fetch == null ? Integer.MAX_VALUE : RexLiteral.intValue(fetch)))));
        return implementor.result(type, code.toBlock());
    }

    /** The rows in order, without the first {@code offset}, at most {@code fetch}. A row of one column may be its value. */
    public static Enumerable<Object> sort(Enumerable<?> rows, RelCollation collation, int offset, int fetch) {
        List<RelFieldCollation> fields = collation.getFieldCollations();
        List<Comparator<@Nullable Object>> values =
                fields.stream().map(RowOrder::values).toList();
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<Object> enumerator() {
                List<Object> sorted = new ArrayList<>();
                for (Object row : rows) {
                    sorted.add(row);
                }
                sorted.sort((a, b) -> {
                    int order = 0;
                    for (int i = 0; i < values.size() && order == 0; i++) {
                        int field = fields.get(i).getFieldIndex();
                        order = values.get(i).compare(value(a, field), value(b, field));
                    }
                    return order;
                });
                int from = Math.min(offset, sorted.size());
                int to = (int) Math.min(sorted.size(), (long) from + fetch);
                return Linq4j.enumerator(sorted.subList(from, to));
            }
        };
    }

    private static @Nullable Object value(@Nullable Object row, int field) {
        return row instanceof Object[] columns ? columns[field] : row;
    }
}
