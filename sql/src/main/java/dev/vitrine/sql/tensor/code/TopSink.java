package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/** The first rows in sort order. A row is its sort keys, then its columns; one whose first key is out of reach is never made. */
final class TopSink implements Sink {
    private final List<RexNode> keys;
    private final RelCollation order;

    TopSink(Pipeline.Top top, List<RexNode> projects) {
        order = top.collation();
        keys = keys(order, projects);
    }

    /** What rows are ordered by. */
    static List<RexNode> keys(RelCollation order, List<RexNode> projects) {
        List<RexNode> keys = new ArrayList<>();
        for (RelFieldCollation collation : order.getFieldCollations()) {
            RexNode key = projects.get(collation.getFieldIndex());
            switch (RexToJava.kindOf(key)) {
                case VECTOR, OBJECT -> throw new NotFusible("ORDER BY a value of type " + key.getType());
                default -> keys.add(key);
            }
        }
        return keys;
    }

    @Override
    public void open(NestWriter nest, StringBuilder box) {
        nest.field("TopRows", "top0");
        box.append("top0 = (TopRows) sink;\n");
    }

    @Override
    public void beforeRow(NestWriter nest, StringBuilder row) {
        row.append("final double bound = top0.bound();\n");
    }

    @Override
    public void body(NestWriter nest, Block block, int lane) {
        List<RexNode> row = new ArrayList<>(keys);
        row.addAll(nest.pipeline.projects());
        add(nest, block, "top0", "bound", row, order);
    }

    /**
     * Adds a row to the first rows so far, unless its first key is out of reach.
     *
     * @param top the {@link dev.vitrine.sql.tensor.run.TopRows}
     * @param bound what the first key must reach
     * @param row keys in their order, then columns
     */
    static void add(NestWriter nest, Block block, String top, String bound, List<RexNode> row, RelCollation order) {
        Value key = nest.java.value(row.get(0), block);
        boolean number = key.kind().numeric() && key.scale() == 0;
        Block inner = block.inner();
        inner.add(top + ".add(" + Outputs.array(nest, row, inner) + ");");
        if (number) {
            boolean descending =
                    order.getFieldCollations().get(0).getDirection().isDescending();
            String beyond = key.text() + (descending ? " < " : " > ") + bound;
            block.add("if (" + (key.nullable() ? key.isNull() + " || " : "") + "!(" + beyond + ")) {");
            block.text.append(inner.text);
            block.add("}");
        } else {
            block.text.append(inner.text);
        }
    }

    @Override
    public void afterRow(NestWriter nest, StringBuilder row) {}

    @Override
    public int lanes(NestWriter nest) {
        return 1;
    }
}
