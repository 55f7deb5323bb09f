package dev.vitrine.sql.tensor.code;

/** Rows as they are. */
final class RowSink implements Sink {
    @Override
    public void open(NestWriter nest, StringBuilder box) {
        nest.field("Rows", "rows0");
        box.append("rows0 = (Rows) sink;\n");
    }

    @Override
    public void beforeRow(NestWriter nest, StringBuilder row) {}

    @Override
    public void body(NestWriter nest, Block block, int lane) {
        block.add("rows0.add(" + Outputs.array(nest, nest.pipeline.projects(), block) + ");");
    }

    @Override
    public void afterRow(NestWriter nest, StringBuilder row) {}

    @Override
    public int lanes(NestWriter nest) {
        return 1;
    }
}
