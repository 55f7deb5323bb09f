package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.jspecify.annotations.Nullable;

/** Reads of the tensors: which reader, when, and how much of a row. Only what an expression names is read. */
final class Operands {
    private final NestWriter writer;
    private final Nest nest;
    private final Set<Integer> read = new HashSet<>();
    private final Map<Integer, String> rowTests = new HashMap<>();
    private final List<Bound> single = new ArrayList<>();

    Operands(NestWriter writer) {
        this.writer = writer;
        this.nest = writer.pipeline.nest();
    }

    /** Whether the expression names a payload. */
    boolean reads(RexNode rex) {
        return names(rex, Nest.Payload.class);
    }

    /** Whether the run is the only column that the expression names. */
    boolean namesOnlyRun(RexNode rex) {
        boolean[] only = {true};
        rex.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef ref) {
                only[0] &= nest.columns().get(ref.getIndex()).equals(new Nest.Coordinate(0));
                return super.visitInputRef(ref);
            }
        });
        return only[0];
    }

    private boolean names(RexNode rex, Class<?> column) {
        boolean[] found = {false};
        rex.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef ref) {
                found[0] |= column.isInstance(nest.columns().get(ref.getIndex()));
                return super.visitInputRef(ref);
            }
        });
        return found[0];
    }

    /** How many positions an axis has: the prompt's tokens, or as many keys as the query sees. */
    String positions(int axis) {
        StringBuilder text = new StringBuilder("run.tokens(a1)");
        for (Nest.Operand operand : nest.operands()) {
            if (operand.tensor() == Tensor.ATTENTION && operand.line() == null && operand.cellAxis() == axis) {
                int query = operand.axes().get(4);
                text.insert(0, "run.causal() ? a" + query + " + 1 : ");
            }
        }
        return text.toString();
    }

    /** What the loop over an axis begins with. */
    String enter(int axis) {
        AxisKind kind = nest.axes().get(axis);
        StringBuilder text = new StringBuilder();
        if (kind == AxisKind.RUN) {
            text.append("run = execution.run(a0);\n");
        } else if (kind == AxisKind.LAYER) {
            text.append("if (!run.hasLayer(a" + axis + ")) continue;\n");
        } else if (kind == AxisKind.SITE) {
            text.append("if (!run.hasSite(a" + axis + ")) continue;\n");
        }
        return text.toString();
    }

    /** Takes note of a bound that leaves one cell of a row. */
    void narrowed(Bound bound) {
        if (bound.kind() == SqlKind.EQUALS) {
            single.add(bound);
        }
    }

    /** Whether a bound leaves one cell of each row of an operand. */
    boolean oneCell(Nest.Operand operand) {
        return single.stream().anyMatch(bound -> bound.axis() == operand.cellAxis());
    }

    /** Has rows of an operand left out before they are read, by a statement that does so. */
    void rowTest(int number, String statement) {
        rowTests.merge(number, statement, String::concat);
    }

    /** The cell of an operand at the current coordinates. */
    Value cell(int number) {
        Nest.Operand operand = nest.operands().get(number);
        int cellAxis = operand.cellAxis();
        if (operand.line() != null) {
            return lineCell(number, operand, operand.line());
        }
        boolean innermost = cellAxis == nest.lastAxis();
        if (read.add(number)) {
            int rowLevel = operand.rowAxes().stream()
                    .mapToInt(writer.levels::ofAxis)
                    .max()
                    .orElseThrow();
            if (rowLevel >= writer.levels.ofAxis(cellAxis)) {
                throw new NotFusible("a row of " + operand.tensor().table() + " inside the loop over its cells");
            }
            writer.field("float[]", "w" + number);
            reader(number, operand);
            boolean next = innermost && rowLevel == writer.levels.last() - 1;
            if (next && readLine(number, operand, rowLevel)) {
                return Value.of(Kind.FLOAT, "w" + number + "[a" + cellAxis + " - lo" + cellAxis + "]");
            }
            String from = next ? "lo" + cellAxis : "0";
            String to = next ? "hi" + cellAxis : "(" + extent(operand) + ")";
            writer.tail(rowLevel)
                    .append(next ? "if (" + from + " >= " + to + ") continue;\n" : "")
                    .append(rowTests.getOrDefault(number, ""))
                    .append("w" + number + " = room(w" + number + ", " + to + " - " + from + ");\n")
                    .append("cells" + number + ".read(" + place(operand) + ", " + from + ", " + to + ", w" + number
                            + ");\n");
        }
        boolean offset = innermost && offsets(operand);
        return Value.of(Kind.FLOAT, "w" + number + "[a" + cellAxis + (offset ? " - lo" + cellAxis : "") + "]");
    }

    private void reader(int number, Nest.Operand operand) {
        writer.field("RunTensors.Cells", "cells" + number);
        writer.block(writer.levels.ofAxis(0)).add("cells" + number + " = run.cells(Tensor." + operand.tensor() + ");");
    }

    /** The cell of the line at the current row; the line is read as a whole, ahead of the loop along it. */
    private Value lineCell(int number, Nest.Operand operand, Nest.Line line) {
        int axis = operand.cellAxis();
        if (read.add(number)) {
            reader(number, operand);
            int outside = writer.levels.ofAxis(axis) - 1;
            String offset =
                    writer.java.value(line.offset(), writer.block(outside)).text();
            writer.tail(outside).append(readLine(number, operand, line.slope() + ", " + offset));
        }
        return Value.of(Kind.FLOAT, "line" + number + "[a" + axis + " - lo" + axis + "]");
    }

    /** The statements that keep the loop along a line to rows that have its cell. */
    void narrowLines() {
        for (Nest.Operand operand : nest.operands()) {
            Nest.Line line = operand.line();
            if (line != null) {
                int axis = operand.cellAxis();
                Block block = writer.block(writer.levels.ofAxis(axis) - 1);
                Value value = writer.java.value(line.offset(), block);
                String offset = value.text();
                block.add(value.nullable() ? "if (" + value.isNull() + ") continue;" : "");
                String cells = operand.tensor() == Tensor.NEURONS ? "run.width(Tensor.NEURONS)" : "run.tokens(a1)";
                String causal = operand.tensor() == Tensor.NEURONS ? "false" : "run.causal()";
                boolean column = line.slope() == 0;
                block.add("if (" + offset + (column ? " < 0" : " > 0 && " + causal) + ") continue;");
                block.add(column ? "if (" + offset + " >= " + cells + ") continue;" : "");
                block.add(
                        column
                                ? "if (" + causal + ") lo" + axis + " = atLeast(lo" + axis + ", " + offset + ");"
                                : "hi" + axis + " = below(hi" + axis + ", " + cells + " - (long) " + offset + ");\n"
                                        + "lo" + axis + " = atLeast(lo" + axis + ", -(long) " + offset + ");");
            }
        }
    }

    private String readLine(int number, Nest.Operand operand, String line) {
        String lo = "lo" + operand.rowAxes().get(operand.rowAxes().size() - 1);
        String hi = "hi" + operand.rowAxes().get(operand.rowAxes().size() - 1);
        writer.field("float[]", "line" + number);
        return "if (" + lo + " < " + hi + ") {\n" + "line" + number + " = room(line" + number + ", " + hi + " - " + lo
                + ");\n" + "cells" + number + ".line(" + tile(operand) + ", " + lo + ", " + hi + ", " + line + ", line"
                + number + ");\n}\n";
    }

    /** Reads the one cell that a bound leaves of each row ahead of the loop over rows; false where there is no such bound. */
    private boolean readLine(int number, Nest.Operand operand, int rowLevel) {
        int posAxis = operand.rowAxes().get(operand.rowAxes().size() - 1);
        if (writer.levels.ofAxis(posAxis) != rowLevel) {
            return false;
        }
        for (Bound bound : single) {
            if (bound.axis() == operand.cellAxis()) {
                String line = line(bound, posAxis, rowLevel);
                if (line != null) {
                    writer.tail(rowLevel - 1).append(readLine(number, operand, line));
                    writer.tail(rowLevel)
                            .append("if (lo" + operand.cellAxis() + " >= hi" + operand.cellAxis() + ") continue;\n")
                            .append("w" + number + " = room(w" + number + ", 1);\n")
                            .append("w" + number + "[0] = line" + number + "[a" + posAxis + " - lo" + posAxis + "];\n");
                    return true;
                }
            }
        }
        return false;
    }

    /** {@code slope, offset} of a bound on cells that grows with the position of their row or not at all; null where it is another. */
    private @Nullable String line(Bound bound, int posAxis, int rowLevel) {
        int slope = 0;
        StringBuilder offset = new StringBuilder("0L");
        for (Bound.Term term : bound.terms()) {
            if (term.rex() instanceof RexInputRef ref
                    && nest.columns().get(ref.getIndex()).equals(new Nest.Coordinate(posAxis))) {
                slope += term.plus() ? 1 : -1;
            } else if (writer.levels.of(term.rex()) >= rowLevel) {
                return null;
            } else {
                // Where this is NULL the cell that is read matters to nobody.
                Value value = writer.java.value(term.rex(), writer.block(rowLevel - 1));
                offset.append(term.plus() ? " + " : " - ").append(value.text());
            }
        }
        return slope + ", " + offset;
    }

    /** Whether an operand's cells along the innermost axis are read row by row, right outside of the loop over them. */
    boolean readsByRow(int number) {
        Nest.Operand operand = nest.operands().get(number);
        return operand.tensor().cells()
                && operand.line() == null
                && operand.cellAxis() == nest.lastAxis()
                && offsets(operand);
    }

    private boolean offsets(Nest.Operand operand) {
        int rowLevel =
                operand.rowAxes().stream().mapToInt(writer.levels::ofAxis).max().orElseThrow();
        return rowLevel == writer.levels.last() - 1;
    }

    private String extent(Nest.Operand operand) {
        return operand.tensor() == Tensor.NEURONS ? "run.width(Tensor.NEURONS)" : positions(operand.cellAxis());
    }

    /** {@code prompt, layer, head, pos}. */
    private String place(Nest.Operand operand) {
        return tile(operand) + ", a" + operand.rowAxes().get(operand.rowAxes().size() - 1);
    }

    /** {@code prompt, layer, head}. */
    String tile(Nest.Operand operand) {
        List<Integer> axes = operand.axes();
        String head = operand.tensor() == Tensor.NEURONS ? "0" : "a" + axes.get(3);
        return "a" + axes.get(1) + ", a" + axes.get(2) + ", " + head;
    }

    /** The vector of an operand at the current coordinates, in an array that is used again for the next. */
    Value vector(int number) {
        Nest.Operand operand = nest.operands().get(number);
        if (read.add(number)) {
            Tensor tensor = operand.tensor();
            List<Integer> axes = operand.axes();
            writer.field("float[]", "x" + number);
            writer.field("RunTensors.Vectors", "vectors" + number);
            boolean sites = tensor == Tensor.HIDDEN_STATES;
            int home = writer.levels.ofAxis(sites ? axes.get(3) : 0);
            writer.block(home)
                    .add("vectors" + number + " = run.vectors(Tensor." + tensor + ", "
                            + (sites ? "a" + axes.get(3) : "0") + ");")
                    .add("if (x" + number + ".length != run.width(Tensor." + tensor + ")) x" + number
                            + " = new float[run.width(Tensor." + tensor + ")];");
        }
        return Value.of(Kind.VECTOR, "x" + number);
    }

    /** The statement that reads a vector. */
    String readVector(int number) {
        Nest.Operand operand = nest.operands().get(number);
        List<Integer> axes = operand.axes();
        String head = operand.tensor() == Tensor.HIDDEN_STATES ? "0" : "a" + axes.get(3);
        String pos = "a" + axes.get(4);
        return "vectors" + number + ".read(a" + axes.get(1) + ", a" + axes.get(2) + ", " + head + ", " + pos + ", "
                + pos + " + 1, x" + number + ");";
    }
}
