package dev.vitrine.sql.tensor;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * What a query loops over: axes from the outermost to the innermost, the tensors laid over them, and the columns that expressions may
 * name. Joining two tensors on equal coordinates makes them share axes; joining a small table adds its columns.
 *
 * @param axes sorted by kind
 * @param operands tensors, each with the axes it spans
 * @param columns what each input reference of a pipeline's expressions stands for
 * @param dimensions how many small tables are joined
 */
public record Nest(List<AxisKind> axes, List<Operand> operands, List<Column> columns, int dimensions) {
    /**
     * A tensor laid over the axes of the nest.
     *
     * @param axes for each of the tensor's own axes, the nest's
     * @param line which cell of a row is read where no axis goes along the row; null where one does
     */
    public record Operand(
            Tensor tensor, List<Integer> axes, @Nullable Line line) {
        public Operand {
            axes = List.copyOf(axes);
        }

        public Operand(Tensor tensor, List<Integer> axes) {
            this(tensor, axes, null);
        }

        /** The axes that a bulk read needs to know: all of them for vectors, all but the innermost for cells. */
        public List<Integer> rowAxes() {
            return tensor.cells() ? axes.subList(0, axes.size() - 1) : axes;
        }

        /** The axis along which a bulk read of cells goes; that of rows where a line is read. */
        public int cellAxis() {
            return axes.get(axes.size() - 1);
        }
    }

    /**
     * One cell of each row, that at {@code slope} · (the row's own position) + {@code offset}.
     *
     * @param slope 0 for a column of the matrix, 1 for a diagonal
     * @param offset an integer literal, or a parameter or its negative
     */
    public record Line(int slope, RexNode offset) {}

    /** What a column is. */
    public sealed interface Column {}

    /** A coordinate. */
    public record Coordinate(int axis) implements Column {}

    /** The key-value head that a query head uses. */
    public record KvHead(int axis) implements Column {}

    /** The float or the vector of an operand. */
    public record Payload(int operand) implements Column {}

    /** A column of a joined table. */
    public record DimensionColumn(int dimension, int column) implements Column {}

    public Nest {
        axes = ImmutableList.copyOf(axes);
        operands = ImmutableList.copyOf(operands);
        columns = ImmutableList.copyOf(columns);
    }

    /** One tensor. */
    public static Nest of(Tensor tensor) {
        List<Integer> identity = new ArrayList<>();
        for (int i = 0; i < tensor.axes().size(); i++) {
            identity.add(i);
        }
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < tensor.columns().size(); i++) {
            int role = tensor.role(i);
            columns.add(
                    role == Tensor.PAYLOAD
                            ? new Payload(0)
                            : role == Tensor.KV_HEAD
                                    ? new KvHead(tensor.axes().indexOf(AxisKind.HEAD))
                                    : new Coordinate(role));
        }
        return new Nest(tensor.axes(), List.of(new Operand(tensor, identity)), columns, 0);
    }

    /** This nest with a table of so many columns joined. */
    public Nest withDimension(int width) {
        List<Column> all = new ArrayList<>(columns);
        for (int i = 0; i < width; i++) {
            all.add(new DimensionColumn(dimensions, i));
        }
        return new Nest(axes, operands, all, dimensions + 1);
    }

    /** The innermost axis. */
    public int lastAxis() {
        return axes.size() - 1;
    }
}
