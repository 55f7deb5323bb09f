package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.sql.tensor.code.BoundText;
import org.apache.calcite.rel.RelWriter;

/** A pipeline as EXPLAIN shows it. */
final class PipelineText {
    private PipelineText() {}

    static RelWriter write(Pipeline pipeline, RelWriter writer) {
        writer.item(
                "tensors",
                pipeline.nest().operands().stream()
                        .map(operand -> operand.tensor().table())
                        .toList());
        BoundText text = BoundText.of(pipeline);
        writer.itemIf(
                "joins",
                pipeline.joins().stream()
                        .map(join -> join.type() + " ON " + text.names(join.keys()))
                        .toList(),
                !pipeline.joins().isEmpty());
        writer.itemIf("bounds", text.bounds(), !text.bounds().isEmpty());
        writer.itemIf("conditions", text.conditions(), !text.conditions().isEmpty());
        if (pipeline.stage() instanceof Pipeline.Grouping grouping) {
            writer.item("group", text.names(pipeline.keys()));
            writer.item(
                    "aggregates",
                    grouping.calls().stream()
                            .map(call -> text.call(call, pipeline.projects()))
                            .toList());
        } else {
            writer.item("columns", text.names(pipeline.projects()));
        }
        if (pipeline.stage() instanceof Pipeline.Top top) {
            writer.item(
                    "top",
                    top.collation() + (top.offset() > 0 ? " offset " + top.offset() : "") + " fetch " + top.fetch());
        }
        if (pipeline.stage() instanceof Pipeline.TopOfGroups top) {
            writer.item("group", text.names(pipeline.keys()));
            writer.item("top", top.collation() + " fetch " + top.fetch() + " of each");
        }
        return writer;
    }
}
