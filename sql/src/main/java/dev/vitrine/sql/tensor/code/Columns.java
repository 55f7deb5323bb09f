package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** The values of a nest's columns, and the loops over the rows of joined tables. */
final class Columns {
    private final NestWriter writer;
    private final Operands operands;
    private @Nullable Block detached;

    Columns(NestWriter writer, Operands operands) {
        this.writer = writer;
        this.operands = operands;
    }

    @Nullable
    Block detached() {
        return detached;
    }

    /** From now on columns are computed in this block, which stands outside of the loops. */
    void forget(Block block) {
        detached = block;
    }

    Value value(int index, RexNode ref) {
        Nest.Column column = writer.nest().columns().get(index);
        Block block = detached != null ? detached : writer.block(writer.levels.of(ref));
        Value known = block.find(ref);
        if (known == null) {
            known = value(column, index, block);
            block.remember(ref, known);
        }
        return known;
    }

    private Value value(Nest.Column column, int index, Block block) {
        if (column instanceof Nest.Coordinate coordinate) {
            return coordinate(coordinate.axis(), block);
        }
        if (column instanceof Nest.KvHead head) {
            return writer.java.let(
                    Kind.INT, "a" + head.axis() + " / (run.heads() / run.kvHeads())", Value.NEVER, block);
        }
        if (column instanceof Nest.Payload payload) {
            int operand = payload.operand();
            if (writer.nest().operands().get(operand).tensor().cells()) {
                return writer.java.let(Kind.FLOAT, operands.cell(operand).text(), Value.NEVER, block);
            }
            Value vector = operands.vector(operand);
            block.add(operands.readVector(operand));
            return vector;
        }
        return dimension((Nest.DimensionColumn) column, index, block);
    }

    private Value coordinate(int axis, Block block) {
        AxisKind kind = writer.axisKind(axis);
        if (!kind.named()) {
            return Value.of(Kind.INT, "a" + axis);
        }
        String name = kind == AxisKind.RUN ? "execution.run(a" + axis + ").name()" : "Sites.name(a" + axis + ")";
        return writer.java.let(Kind.STRING, name, Value.NEVER, block);
    }

    private Value dimension(Nest.DimensionColumn column, int index, Block block) {
        int d = column.dimension();
        int c = column.column();
        RelDataTypeField field = writer.pipeline.rowType().getFieldList().get(index);
        Kind kind = Kind.of(field.getType());
        String values = switch (kind) {
            case BOOLEAN -> "booleans";
            case INT -> "ints";
            case LONG -> "longs";
            case FLOAT -> "floats";
            case DOUBLE -> "doubles";
            default -> "objects";
        };
        String type = kind.primitive() ? kind.java() + "[]" : "Object[]";
        String array = array(d, c, "d", type, values);
        String row = "r" + d;
        String isNull = Value.NEVER;
        if (field.getType().isNullable()) {
            String nulls = array(d, c, "n", "boolean[]", "nulls");
            String missing = left(d) ? row + " < 0 || " : "";
            isNull = writer.java.declare(Kind.BOOLEAN, missing + nulls + "[" + row + "]", block);
        }
        String text = array + "[" + row + "]";
        if (!kind.primitive() && kind != Kind.OBJECT) {
            text = "(" + kind.java() + ") " + text;
        }
        if (left(d)) {
            text = row + " < 0 ? " + Value.zero(kind) + " : " + text;
        }
        return writer.java.let(kind, text, isNull, block);
    }

    /** The number that a dictionary gives for a column's value at the current row. */
    String code(Nest.DimensionColumn column) {
        String row = "r" + column.dimension();
        String codes = array(column.dimension(), column.column(), "k", "int[]", "codes");
        return left(column.dimension())
                ? "(" + row + " < 0 ? 0 : " + codes + "[" + row + "])"
                : codes + "[" + row + "]";
    }

    private String array(int dimension, int column, String prefix, String type, String values) {
        String name = prefix + dimension + "_" + column;
        String assignment = name + " = execution.dimension(" + dimension + ").column(" + column + ")." + values + ";\n";
        writer.field(type, name);
        if (writer.constructor().indexOf(assignment) < 0) {
            writer.constructor().append(assignment);
        }
        return name;
    }

    private boolean left(int dimension) {
        return writer.pipeline.joins().get(dimension).type() == JoinRelType.LEFT;
    }

    /** Opens the loop over a joined table's rows for the current key. */
    String open(int dimension, boolean field) {
        Pipeline.DimensionJoin join = writer.pipeline.joins().get(dimension);
        int level = writer.levels.ofDimension(dimension);
        Block outer = writer.block(level - 1);
        StringBuilder nulls = new StringBuilder();
        List<String> keys =
                join.keys().stream().map(key -> key(key, outer, nulls)).toList();
        String find = "t" + dimension + ".index().find("
                + (keys.size() > 3
                        ? keys.stream().collect(Collectors.joining(", ", "new long[] {", "}"))
                        : String.join(", ", keys))
                + ")";
        writer.field("Dimension", "t" + dimension);
        String assignment = "t" + dimension + " = execution.dimension(" + dimension + ");\n";
        if (writer.constructor().indexOf(assignment) < 0) {
            writer.constructor().append(assignment);
        }
        String slot = "s" + dimension;
        String row = "r" + dimension;
        String first = slot + " < 0 ? " + (join.type() == JoinRelType.LEFT ? -1 : 0) + " : t" + dimension + ".start("
                + slot + ")";
        String end = slot + " < 0 ? 0 : t" + dimension + ".end(" + slot + ")";
        String open = "final int " + slot + " = " + (nulls.isEmpty() ? "" : "(" + nulls + ") ? -1 : ") + find + ";\n";
        if (join.type() == JoinRelType.SEMI || join.type() == JoinRelType.ANTI) {
            String unwanted = join.type() == JoinRelType.SEMI ? " < 0" : " >= 0";
            String once = "once" + dimension;
            return open + "for (int " + once + " = " + slot + unwanted + " ? 1 : 0; " + once + " < 1; " + once
                    + "++) {\n";
        }
        open += "final int e" + dimension + " = " + end + ";\n";
        if (field) {
            writer.field("int", row);
        }
        return open + "for (" + (field ? "" : "int ") + row + " = " + first + "; " + row + " < e" + dimension + "; "
                + row + "++) {\n";
    }

    private String key(RexNode key, Block block, StringBuilder nulls) {
        if (key instanceof RexInputRef ref
                && writer.nest().columns().get(ref.getIndex()) instanceof Nest.Coordinate coordinate) {
            return "a" + coordinate.axis();
        }
        Value value = writer.java.value(key, block);
        if (!value.kind().integral() || value.scale() > 0) {
            throw new NotFusible("a join key of type " + key.getType());
        }
        if (value.nullable()) {
            nulls.append(nulls.isEmpty() ? "" : " || ").append(value.isNull());
        }
        return value.text();
    }
}
