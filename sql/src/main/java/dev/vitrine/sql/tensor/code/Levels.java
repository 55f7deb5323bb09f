package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Nest;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;

/**
 * The order of a nest's loops: level 0 is before any loop, every axis is a level, and a joined table is a level right below those that
 * its keys name.
 */
final class Levels {
    /** One loop: over an axis, or over the rows that a joined table has for a key; the other of the two is −1. */
    record Level(int axis, int dimension) {}

    private final Nest nest;
    private final List<Level> levels = new ArrayList<>();

    Levels(Nest nest, List<? extends List<RexNode>> dimensionKeys) {
        this.nest = nest;
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < dimensionKeys.size(); i++) {
            open.add(i);
        }
        levels.add(new Level(-1, -1));
        addReady(open, dimensionKeys);
        for (int axis = 0; axis < nest.axes().size(); axis++) {
            levels.add(new Level(axis, -1));
            addReady(open, dimensionKeys);
        }
    }

    private void addReady(List<Integer> open, List<? extends List<RexNode>> keys) {
        boolean found = true;
        while (found) {
            found = false;
            for (Integer dimension : List.copyOf(open)) {
                if (keys.get(dimension).stream().allMatch(this::bound)) {
                    levels.add(new Level(-1, dimension));
                    open.remove(dimension);
                    found = true;
                }
            }
        }
    }

    private boolean bound(RexNode rex) {
        return of(rex) < levels.size();
    }

    int count() {
        return levels.size();
    }

    Level get(int level) {
        return levels.get(level);
    }

    int ofAxis(int axis) {
        return find(new Level(axis, -1));
    }

    int ofDimension(int dimension) {
        return find(new Level(-1, dimension));
    }

    private int find(Level wanted) {
        int at = levels.indexOf(wanted);
        return at < 0 ? Integer.MAX_VALUE : at;
    }

    /** The level of the innermost axis. */
    int last() {
        return ofAxis(nest.lastAxis());
    }

    /** The outermost level at which everything that the expression names has a value. */
    int of(RexNode rex) {
        int[] level = {0};
        rex.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef ref) {
                level[0] = Math.max(level[0], of(nest.columns().get(ref.getIndex())));
                return super.visitInputRef(ref);
            }
        });
        return level[0];
    }

    private int of(Nest.Column column) {
        if (column instanceof Nest.Coordinate coordinate) {
            return ofAxis(coordinate.axis());
        }
        if (column instanceof Nest.KvHead head) {
            return Math.max(ofAxis(head.axis()), ofAxis(0));
        }
        if (column instanceof Nest.Payload payload) {
            return nest.operands().get(payload.operand()).axes().stream()
                    .mapToInt(this::ofAxis)
                    .max()
                    .orElseThrow();
        }
        return ofDimension(((Nest.DimensionColumn) column).dimension());
    }
}
