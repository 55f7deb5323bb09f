package dev.vitrine.sql.tensor.code;

import dev.vitrine.engine.store.Statistic;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads of what the store knows of rows and tiles of attention, in place of the rows themselves. */
final class StoredStatistics {
    private final NestWriter writer;
    private final Operands operands;
    private final Set<String> read = new HashSet<>();

    StoredStatistics(NestWriter writer, Operands operands) {
        this.writer = writer;
        this.operands = operands;
    }

    /**
     * Has tiles and rows of an operand left out where a statistic of theirs rules them out.
     *
     * @param test Java that is true of the statistic where no cell can pass; false where it is NaN
     */
    void skip(int number, Statistic statistic, UnaryOperator<String> test) {
        Nest.Operand operand = writer.nest().operands().get(number);
        List<Integer> axes = operand.rowAxes();
        int pos = writer.levels.ofAxis(axes.get(axes.size() - 1));
        boolean rowsLast = axes.stream().allMatch(axis -> writer.levels.ofAxis(axis) <= pos);
        if (operand.tensor() != Tensor.ATTENTION || !rowsLast || operands.oneCell(operand)) {
            return;
        }
        writer.tail(pos - 1).append("if (" + test.apply(ofTile(number, statistic)) + ") continue;\n");
        if (read.add(number + statistic.name())) {
            readStatistic(number, statistic);
        }
        operands.rowTest(number, "if (" + test.apply(of(number, statistic)) + ") continue;\n");
    }

    private String ofTile(int number, Statistic statistic) {
        return "cells" + number + ".statistic(Statistic." + statistic + ", "
                + operands.tile(writer.nest().operands().get(number)) + ")";
    }

    /** A statistic of the current row; those of all its tile's rows are read ahead of the loop over them. */
    String of(int number, Statistic statistic) {
        Nest.Operand operand = writer.nest().operands().get(number);
        int posAxis = operand.rowAxes().get(operand.rowAxes().size() - 1);
        return array(number, statistic) + "[a" + posAxis + " - lo" + posAxis + "]";
    }

    private static String array(int number, Statistic statistic) {
        return statistic.name().toLowerCase(Locale.ROOT) + number;
    }

    private void readStatistic(int number, Statistic statistic) {
        Nest.Operand operand = writer.nest().operands().get(number);
        int posAxis = operand.rowAxes().get(operand.rowAxes().size() - 1);
        String lo = "lo" + posAxis;
        String hi = "hi" + posAxis;
        String array = array(number, statistic);
        writer.field("double[]", array);
        writer.tail(writer.levels.ofAxis(posAxis) - 1)
                .append("if (" + lo + " < " + hi + ") {\n")
                .append(array + " = room(" + array + ", " + hi + " - " + lo + ");\n")
                .append("cells" + number + ".statistics(Statistic." + statistic + ", " + operands.tile(operand) + ", "
                        + lo + ", " + hi + ", " + array + ");\n}\n");
    }

    /**
     * Has rows of an operand read only where some of their statistics are not known, or where the box ends within rows.
     *
     * @param tiles whether a tile whose statistics are known is to stand for all its rows: there is one row then, with the tile's
     * @return Java that is true where the current row is not read
     */
    String readUnlessKnown(int number, Set<Statistic> statistics, boolean tiles) {
        Nest.Operand operand = writer.nest().operands().get(number);
        int posAxis = operand.rowAxes().get(operand.rowAxes().size() - 1);
        String whole =
                "box.lo[" + operand.cellAxis() + "] == 0 && box.hi[" + operand.cellAxis() + "] >= run.tokens(a1)";
        StringBuilder known = new StringBuilder(whole);
        StringBuilder ofTile = new StringBuilder();
        for (Statistic statistic : statistics) {
            String value = of(number, statistic);
            known.append(" && ").append(value + " == " + value);
            String array = array(number, statistic);
            ofTile.append(array + " = room(" + array + ", 1);\n")
                    .append(array + "[0] = " + ofTile(number, statistic) + ";\n")
                    .append("tile" + number + " &= " + array + "[0] == " + array + "[0];\n");
        }
        StringBuilder outside = writer.tail(writer.levels.ofAxis(posAxis) - 1);
        String hi = "hi" + posAxis;
        if (tiles) {
            writer.field("boolean", "tile" + number);
            outside.append("tile" + number + " = lo" + posAxis + " == 0 && " + hi + " == run.tokens(a1) && " + whole
                            + ";\n")
                    .append("if (tile" + number + ") {\n" + ofTile + "}\n")
                    .append("if (tile" + number + ") {\n" + hi + " = 1;\n} else {\n");
        }
        statistics.forEach(statistic -> readStatistic(number, statistic));
        outside.append(tiles ? "}\n" : "");
        writer.field("boolean", "known" + number);
        StringBuilder tail = writer.tail(writer.levels.last() - 1);
        tail.insert(
                tail.indexOf("w" + number + " = room("),
                "known" + number + " = " + known + ";\nif (!known" + number + ") {\n");
        tail.append("}\n");
        return "known" + number;
    }

    /** How many cells the current row has, or the tile that stands for its rows. */
    String cells(int number, boolean tiles) {
        Nest.Operand operand = writer.nest().operands().get(number);
        String row = "hi" + operand.cellAxis() + " - lo" + operand.cellAxis();
        String tokens = "run.tokens(a1)";
        String tile =
                "(run.causal() ? " + tokens + " * (" + tokens + " + 1L) / 2 : (long) " + tokens + " * " + tokens + ")";
        return tiles ? "tile" + number + " ? " + tile + " : " + row : row;
    }
}
