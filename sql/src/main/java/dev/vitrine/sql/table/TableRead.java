package dev.vitrine.sql.table;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.Blocks;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.util.ImmutableIntList;
import org.jspecify.annotations.Nullable;

/** Reads some columns of a store table, row by row. */
final class TableRead extends AbstractRelNode implements EnumerableRel {
    private static final double VECTOR_COST = 50;

    private final StoreScan scan;
    private final ImmutableIntList columns;

    TableRead(StoreScan scan, ImmutableIntList columns) {
        super(scan.getCluster(), scan.getCluster().traitSetOf(EnumerableConvention.INSTANCE));
        this.scan = scan;
        this.columns = columns;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return this;
    }

    @Override
    protected RelDataType deriveRowType() {
        RelDataTypeFactory.Builder row = getCluster().getTypeFactory().builder();
        columns.forEach(column -> row.add(scan.getRowType().getFieldList().get(column)));
        return row.build();
    }

    @Override
    public double estimateRowCount(RelMetadataQuery metadata) {
        return scan.estimateRowCount(metadata);
    }

    @Override
    public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery metadata) {
        double width = 1;
        for (int column : columns) {
            width += scan.storeTable().columns().get(column).type() == Column.Type.VECTOR ? VECTOR_COST : 1;
        }
        // The planner compares rows alone, so that is where a wide row has to cost more.
        double rows = estimateRowCount(metadata) * (1 + width / 100);
        return planner.getCostFactory().makeCost(rows, rows, 0);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        StoreTable table = scan.storeTable();
        return super.explainTerms(writer)
                .item("table", scan.getTable().getQualifiedName())
                .itemIf(
                        "bounds",
                        StoreScan.describe(scan.bounds(), table),
                        !scan.bounds().isEmpty())
                .item(
                        "columns",
                        columns.stream()
                                .map(column -> table.columns().get(column).name())
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
        PhysType row = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
        TableRows rows = new TableRows(scan.storeTable(), scan.bounds(), columns);
        Expression stashed = Objects.requireNonNull(implementor.stash(rows, TableRows.class));
        return implementor.result(row, Blocks.toBlock(Expressions.call(stashed, "in", DataContext.ROOT)));
    }
}
