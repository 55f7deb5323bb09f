package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.code.TensorProgram;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;

/** Runs a {@link TensorRel} and hands its rows to Calcite's operators. */
final class EnumerableTensor extends AbstractRelNode implements EnumerableRel {
    /** Cost of a cell in a loop nest, where a row of Calcite's operators costs 1. */
    private static final double CELL = 0.001;

    private final TensorStore store;
    private final Pipeline pipeline;
    private final List<RelNode> tables;
    private final String obstacle;
    private final String consumer;

    EnumerableTensor(
            RelOptCluster cluster,
            RelTraitSet traits,
            TensorStore store,
            Pipeline pipeline,
            RelDataType rowType,
            List<RelNode> tables,
            String obstacle,
            String consumer) {
        super(cluster, traits);
        this.obstacle = obstacle;
        this.consumer = consumer;
        this.store = store;
        this.pipeline = pipeline;
        this.rowType = rowType;
        this.tables = new ArrayList<>(tables);
    }

    @Override
    public List<RelNode> getInputs() {
        return Collections.unmodifiableList(tables);
    }

    /** Whether rows come out as they are, neither aggregated nor only the first. */
    boolean handsOutRows() {
        return pipeline.open();
    }

    /** Names of the tensors. */
    List<String> tables() {
        return pipeline.nest().operands().stream()
                .map(operand -> operand.tensor().table())
                .toList();
    }

    TensorProgram program() {
        return new TensorProgram(pipeline, getCluster().getRexBuilder(), unfused());
    }

    /** The same for an operator that takes all rows. */
    EnumerableTensor consumedBy(String operator) {
        return new EnumerableTensor(getCluster(), getTraitSet(), store, pipeline, rowType, tables, obstacle, operator);
    }

    /** That rows go one by one into an operator that wants all of them, which one and why; empty where they do not. */
    String unfused() {
        return consumer.isEmpty()
                ? ""
                : "rows of " + String.join(", ", tables()) + " go one by one to " + consumer
                        + (obstacle.isEmpty() ? "" : ", because " + obstacle);
    }

    @Override
    public void replaceInput(int ordinal, RelNode input) {
        tables.set(ordinal, input);
        recomputeDigest();
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new EnumerableTensor(getCluster(), traits, store, pipeline, rowType, inputs, obstacle, consumer);
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        super.explainTerms(writer);
        for (int i = 0; i < tables.size(); i++) {
            writer.input("table" + i, tables.get(i));
        }
        return PipelineText.write(pipeline, writer)
                .item("cells", (long) store.estimate(pipeline).cells())
                .itemIf("unfused", unfused(), !consumer.isEmpty());
    }

    @Override
    public double estimateRowCount(RelMetadataQuery mq) {
        return store.estimate(pipeline).rows();
    }

    @Override
    public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
        double rows = estimateRowCount(mq);
        return planner.getCostFactory()
                .makeCost(rows, CELL * store.estimate(pipeline).cells() + rows, 0);
    }

    @Override
    public Result implement(EnumerableRelImplementor implementor, Prefer preference) {
        PhysType type = PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
        BlockBuilder code = new BlockBuilder();
        List<Expression> inputs = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            Result input = implementor.visitChild(this, i, (EnumerableRel) tables.get(i), Prefer.ARRAY);
            Expression rows = code.append("table" + i, input.block);
            inputs.add(input.physType.convertTo(rows, JavaRowFormat.ARRAY));
        }
        Expression stashed = implementor.stash(program(), TensorProgram.class);
        Expression arguments = Expressions.newArrayInit(Enumerable.class, inputs);
        code.add(Expressions.return_(null, Expressions.call(stashed, "enumerable", DataContext.ROOT, arguments)));
        return implementor.result(type, code.toBlock());
    }

    static EnumerableTensor of(TensorRel rel, List<RelNode> tables) {
        RelTraitSet traits = rel.getTraitSet().replace(EnumerableConvention.INSTANCE);
        return new EnumerableTensor(
                rel.getCluster(), traits, rel.store(), rel.pipeline(), rel.getRowType(), tables, rel.obstacle(), "");
    }
}
