package dev.vitrine.sql.table;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/**
 * A store table in a logical plan, with the bounds that conditions left in it. It always has all columns: narrowing comes with the
 * physical {@link TableRead}, because Calcite takes a scan's keys from its table.
 */
public final class StoreScan extends TableScan {
    private final ImmutableList<Bound> bounds;

    StoreScan(RelOptCluster cluster, RelOptTable table, List<Bound> bounds) {
        super(cluster, cluster.traitSetOf(Convention.NONE), ImmutableList.of(), table);
        this.bounds = ImmutableList.copyOf(bounds);
    }

    /** The table. */
    public StoreTable storeTable() {
        return table.unwrapOrThrow(StoreTable.class);
    }

    /** The conditions that reading meets by where it starts and ends. */
    public List<Bound> bounds() {
        return bounds;
    }

    StoreScan with(List<Bound> more) {
        return new StoreScan(
                getCluster(),
                table,
                ImmutableList.<Bound>builder().addAll(bounds).addAll(more).build());
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return this;
    }

    @Override
    public double estimateRowCount(RelMetadataQuery metadata) {
        double rows = table.getRowCount();
        for (Bound bound : bounds) {
            rows *= bound.selectivity();
        }
        return Math.max(rows, 1);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer).itemIf("bounds", describe(bounds, storeTable()), !bounds.isEmpty());
    }

    static String describe(List<Bound> bounds, StoreTable table) {
        return bounds.stream()
                .map(bound -> table.columns().get(bound.column()).name() + " " + bound)
                .collect(Collectors.joining(" AND "));
    }
}
