package dev.vitrine.sql.tensor.run;

import java.util.ArrayList;
import java.util.List;

/** The rows of a box that passed, in order. */
public final class Rows {
    final List<Object[]> rows = new ArrayList<>();

    public void add(Object[] row) {
        rows.add(row);
    }
}
