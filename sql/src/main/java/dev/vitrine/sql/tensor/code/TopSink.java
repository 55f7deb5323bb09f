package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rex.RexNode;

/** The first rows in sort order. A row is its sort keys, then its columns; one whose first key is out of reach is never made. */
final class TopSink implements Sink {
    private final List<RexNode> keys = new ArrayList<>();
    private final RelFieldCollation first;

    TopSink(Pipeline.Top top, List<RexNode> projects) {
        List<RelFieldCollation> collations = top.collation().getFieldCollations();
        first = collations.get(0);
        for (RelFieldCollation collation : collations) {
            RexNode key = projects.get(collation.getFieldIndex());
            switch (RexToJava.kindOf(key)) {
                case VECTOR, OBJECT -> throw new NotFusible("ORDER BY a value of type " + key.getType());
                default -> keys.add(key);
            }
        }
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
        Value key = nest.java.value(keys.get(0), block);
        boolean number = key.kind().numeric() && key.scale() == 0;
        Block inner = block.inner();
        List<RexNode> row = new ArrayList<>(keys);
        row.addAll(nest.pipeline.projects());
        inner.add("top0.add(" + Outputs.array(nest, row, inner) + ");");
        if (number) {
            String beyond = key.text() + (first.getDirection().isDescending() ? " < bound" : " > bound");
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
