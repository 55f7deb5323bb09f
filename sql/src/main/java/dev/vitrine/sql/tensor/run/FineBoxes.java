package dev.vitrine.sql.tensor.run;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Boxes of at most about {@code target} cells in groups, each group cut when its turn comes: the boxes of rows that stream, of which a
 * join of tensors can have more than fit in memory.
 */
record FineBoxes(Extents extents, List<Box> boxes, long target) implements Iterable<List<Box>> {
    private static final int MOST = 1 << 12;

    @Override
    public Iterator<List<Box>> iterator() {
        Deque<Box> coarse = new ArrayDeque<>(boxes);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !coarse.isEmpty();
            }

            @Override
            public List<Box> next() {
                if (coarse.isEmpty()) {
                    throw new NoSuchElementException();
                }
                while (cells(coarse.element()) > (double) MOST * target) {
                    Box box = coarse.remove();
                    List<Box> parts = Partition.of(extents, (long) (cells(box) / MOST), box);
                    for (int i = parts.size() - 1; i >= 0; i--) {
                        coarse.push(parts.get(i));
                    }
                }
                return Partition.of(extents, target, coarse.remove());
            }
        };
    }

    private double cells(Box box) {
        double cells = 0;
        for (int prompt = box.lo[Partition.PROMPT_AXIS]; prompt < box.hi[Partition.PROMPT_AXIS]; prompt++) {
            cells += Partition.cells(Partition.prompt(extents, box, prompt));
        }
        return cells;
    }
}
