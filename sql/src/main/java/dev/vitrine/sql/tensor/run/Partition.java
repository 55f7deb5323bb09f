package dev.vitrine.sql.tensor.run;

import dev.vitrine.sql.tensor.AxisKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Cuts a nest into boxes of about equal numbers of cells. The cut follows from the data and the query alone, never from the number of
 * threads, so that sums, which are added box by box in order, come out the same on every machine.
 */
public final class Partition {
    static final int PROMPT_AXIS = 1;

    private final Extents extents;
    private final long target;
    private final List<Box> boxes = new ArrayList<>();
    private double cells;

    private Partition(Extents extents, long target) {
        this.extents = extents;
        this.target = target;
    }

    /** Boxes of at most about {@code target} cells, in the order of the files, over the runs that {@code accepts} takes. */
    public static Partition of(Extents extents, long target, IntPredicate accepts) {
        Partition partition = new Partition(extents, target);
        for (int run = extents.lo(0); run < extents.hi(0); run++) {
            if (extents.has(run) && accepts.test(run)) {
                partition.cut(run);
            }
        }
        return partition;
    }

    /** A box cut into boxes of at most about {@code target} cells, in order. */
    static List<Box> of(Extents extents, long target, Box box) {
        Partition partition = new Partition(extents, Math.max(1, target));
        for (int prompt = box.lo[PROMPT_AXIS]; prompt < box.hi[PROMPT_AXIS]; prompt++) {
            Box part = prompt(extents, box, prompt);
            double size = cells(part);
            if (size > target) {
                partition.split(part, PROMPT_AXIS + 1, size);
            } else if (size > 0) {
                partition.boxes.add(part);
            }
        }
        return partition.boxes;
    }

    /** The part of a box that is one prompt's, no longer than the prompt. */
    static Box prompt(Extents extents, Box box, int prompt) {
        Box part = slice(box, PROMPT_AXIS, prompt, prompt + 1);
        for (int axis = PROMPT_AXIS + 1; axis < box.lo.length; axis++) {
            part.hi[axis] = Math.min(box.hi[axis], extents.hi(axis, box.lo[0], prompt));
        }
        return part;
    }

    /** How many cells a box of one prompt holds. */
    static double cells(Box box) {
        double cells = 1;
        for (int axis = PROMPT_AXIS + 1; axis < box.lo.length; axis++) {
            cells *= Math.max(0, box.hi[axis] - box.lo[axis]);
        }
        return cells;
    }

    public List<Box> boxes() {
        return boxes;
    }

    /** How many cells the boxes hold, where conditions between coordinates are not counted. */
    public double cells() {
        return cells;
    }

    private void cut(int run) {
        int axes = extents.nest().axes().size();
        int first = extents.lo(PROMPT_AXIS);
        int end = extents.hi(PROMPT_AXIS, run, 0);
        double open = 0;
        int from = first;
        for (int prompt = first; prompt < end; prompt++) {
            double size = cells(run, prompt);
            cells += size;
            if (open > 0 && open + size > target) {
                boxes.add(prompts(run, from, prompt, axes));
                from = prompt;
                open = 0;
            }
            if (size > target) {
                Box box = prompts(run, prompt, prompt + 1, axes);
                for (int axis = PROMPT_AXIS + 1; axis < axes; axis++) {
                    box.hi[axis] = extents.hi(axis, run, prompt);
                }
                split(box, PROMPT_AXIS + 1, size);
                from = prompt + 1;
            } else {
                open += size;
            }
        }
        if (open > 0) {
            boxes.add(prompts(run, from, end, axes));
        }
    }

    private Box prompts(int run, int from, int to, int axes) {
        int[] lo = new int[axes];
        int[] hi = new int[axes];
        for (int axis = 0; axis < axes; axis++) {
            lo[axis] = extents.lo(axis);
            hi[axis] = extents.nest().axes().get(axis) == AxisKind.POSITION
                    ? Integer.MAX_VALUE
                    : extents.hi(axis, run, from);
        }
        lo[0] = run;
        hi[0] = run + 1;
        lo[PROMPT_AXIS] = from;
        hi[PROMPT_AXIS] = to;
        return new Box(lo, hi);
    }

    private double cells(int run, int prompt) {
        double size = extents.seen(run, prompt);
        for (int axis = PROMPT_AXIS + 1; axis < extents.nest().axes().size(); axis++) {
            size *= extents.hi(axis, run, prompt) - extents.lo(axis);
        }
        return size;
    }

    private void split(Box box, int axis, double size) {
        int length = box.hi[axis] - box.lo[axis];
        double unit = size / length;
        if (unit > target && axis + 1 < box.lo.length) {
            for (int at = box.lo[axis]; at < box.lo[axis] + length; at++) {
                split(slice(box, axis, at, at + 1), axis + 1, unit);
            }
            return;
        }
        int step = (int) Math.max(1, Math.min(length, target / unit));
        for (int at = box.lo[axis]; at < box.hi[axis]; at += step) {
            boxes.add(slice(box, axis, at, Math.min(at + step, box.hi[axis])));
        }
    }

    private static Box slice(Box box, int axis, int from, int to) {
        Box slice = new Box(box.lo, box.hi);
        slice.lo[axis] = from;
        slice.hi[axis] = to;
        return slice;
    }
}
