package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** A pipeline's expressions in words: column names in place of numbers, and which conditions limit loops. */
public final class BoundText {
    private final List<String> names;
    private final List<String> bounds = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();

    private BoundText(List<String> names) {
        this.names = names;
    }

    public static BoundText of(Pipeline pipeline) {
        BoundText text = new BoundText(pipeline.rowType().getFieldList().stream()
                .map(RelDataTypeField::getName)
                .toList());
        Levels levels = new Levels(
                pipeline.nest(),
                pipeline.joins().stream().map(Pipeline.DimensionJoin::keys).toList());
        for (RexNode filter : pipeline.filters()) {
            boolean bound = Bound.of(filter, pipeline.nest(), levels) != null;
            (bound ? text.bounds : text.conditions).add(text.name(filter));
        }
        return text;
    }

    /** Conditions that limit a loop. */
    public List<String> bounds() {
        return bounds;
    }

    /** Conditions that are looked at in the loops. */
    public List<String> conditions() {
        return conditions;
    }

    public List<String> names(List<RexNode> expressions) {
        return expressions.stream().map(this::name).toList();
    }

    private String name(RexNode rex) {
        return rex.accept(new RexShuttle() {
                    @Override
                    public RexNode visitInputRef(RexInputRef ref) {
                        return new Named(names.get(ref.getIndex()), ref);
                    }
                })
                .toString();
    }

    /** An aggregate call over these expressions. */
    public String call(AggregateCall call, List<RexNode> expressions) {
        String arguments = call.getArgList().stream()
                .map(argument -> name(expressions.get(argument)))
                .collect(Collectors.joining(", ", "(", ")"));
        String filter = call.filterArg < 0 ? "" : " FILTER " + name(expressions.get(call.filterArg));
        return call.getAggregation().getName() + (call.isDistinct() ? " DISTINCT" : "") + arguments + filter;
    }

    /** An input reference that prints as its column's name. */
    private static final class Named extends RexInputRef {
        Named(String name, RexInputRef ref) {
            super(ref.getIndex(), ref.getType());
            digest = name;
        }
    }
}
