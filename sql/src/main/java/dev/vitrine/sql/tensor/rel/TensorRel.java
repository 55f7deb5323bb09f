package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;

/**
 * A pipeline of operators over tensors that is to run as one loop nest. Logical: {@link Fusion} makes it grow operator by operator,
 * {@link EnumerableTensor} runs it. Its inputs are the small tables joined.
 */
final class TensorRel extends AbstractRelNode {
    private final TensorStore store;
    private final Pipeline pipeline;
    private final List<RelNode> tables;
    private final String obstacle;

    TensorRel(
            RelOptCluster cluster,
            TensorStore store,
            Pipeline pipeline,
            RelDataType rowType,
            List<RelNode> tables,
            String obstacle) {
        super(cluster, cluster.traitSetOf(Convention.NONE));
        this.store = store;
        this.pipeline = pipeline;
        this.rowType = rowType;
        this.tables = new ArrayList<>(tables);
        this.obstacle = obstacle;
    }

    /** All rows of a tensor. */
    static TensorRel scan(RelOptCluster cluster, TensorStore store, Tensor tensor, RelDataType rowType) {
        RexBuilder builder = cluster.getRexBuilder();
        List<RexNode> columns = new ArrayList<>();
        for (int i = 0; i < rowType.getFieldCount(); i++) {
            columns.add(builder.makeInputRef(rowType.getFieldList().get(i).getType(), i));
        }
        Pipeline pipeline =
                new Pipeline(Nest.of(tensor), rowType, List.of(), List.of(), columns, new Pipeline.AllRows());
        return new TensorRel(cluster, store, pipeline, rowType, List.of(), "");
    }

    TensorRel with(Pipeline other, RelDataType otherRowType) {
        return new TensorRel(getCluster(), store, other, otherRowType, tables, "");
    }

    TensorRel with(Pipeline other, RelDataType otherRowType, List<RelNode> otherTables) {
        return new TensorRel(getCluster(), store, other, otherRowType, otherTables, "");
    }

    /** The same, which cannot grow further for that reason. */
    TensorRel because(String reason) {
        return new TensorRel(getCluster(), store, pipeline, rowType, tables, reason);
    }

    /** Why it did not take in the operator above it; empty where nothing is known. */
    String obstacle() {
        return obstacle;
    }

    TensorStore store() {
        return store;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    @Override
    public List<RelNode> getInputs() {
        return Collections.unmodifiableList(tables);
    }

    @Override
    public void replaceInput(int ordinal, RelNode input) {
        tables.set(ordinal, input);
        recomputeDigest();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new TensorRel(getCluster(), store, pipeline, rowType, inputs, obstacle);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        super.explainTerms(writer);
        for (int i = 0; i < tables.size(); i++) {
            writer.input("table" + i, tables.get(i));
        }
        return PipelineText.write(pipeline, writer).item("output", rowType.getFieldNames());
    }

    @Override
    public double estimateRowCount(RelMetadataQuery mq) {
        return store.estimate(pipeline).rows();
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
        return planner.getCostFactory()
                .makeCost(estimateRowCount(mq), store.estimate(pipeline).cells(), 0);
    }

    @Override
    public void register(RelOptPlanner planner) {
        planner.addRule(TensorToEnumerable.RULE);
    }
}
