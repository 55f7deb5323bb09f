package dev.vitrine.sql.table;

import dev.vitrine.engine.model.ModelCard;
import dev.vitrine.engine.store.Run;
import dev.vitrine.sql.query.Query;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;

/** A table whose rows come from the runs of a store: its columns, of which the coordinates are the key, and a way to walk its rows. */
public abstract class StoreTable extends AbstractTable implements TranslatableTable {
    private final List<Column> columns;
    private final Supplier<List<Run>> runs;

    StoreTable(Supplier<List<Run>> runs, Column... columns) {
        this.runs = runs;
        this.columns = List.of(columns);
    }

    /** The columns, in order. */
    public final List<Column> columns() {
        return columns;
    }

    /** The runs that there are now. */
    public final List<Run> runs() {
        return runs.get();
    }

    /** The rows that meet the bounds. */
    abstract Cursor open(Query query, Bounds bounds);

    /** How many rows a run has. */
    abstract double rows(Run run);

    @Override
    public final RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        columns.forEach(column -> row.add(column.name(), column.rel(factory)));
        return row.build();
    }

    @Override
    public final Statistic getStatistic() {
        ImmutableBitSet.Builder key = ImmutableBitSet.builder();
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).coordinate()) {
                key.set(i);
            }
        }
        double rows = runs.get().stream().mapToDouble(this::rows).sum();
        return Statistics.of(rows, sameNames() ? List.of() : List.of(key.build()));
    }

    /** Whether a model's name is that of several, so that it is no key where tables have no other. */
    private boolean sameNames() {
        List<ModelCard> cards = runs.get().stream().map(Run::model).toList();
        return cards.stream().map(ModelCard::name).distinct().count()
                < cards.stream().map(ModelCard::source).distinct().count();
    }

    @Override
    public final RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
        return new StoreScan(context.getCluster(), table, List.of());
    }
}
