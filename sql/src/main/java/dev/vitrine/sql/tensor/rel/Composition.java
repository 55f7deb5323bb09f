package dev.vitrine.sql.tensor.rel;

import java.util.List;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/** Row expressions put in terms of other rows. */
final class Composition {
    private Composition() {}

    /** An expression over the results of projects as one over their input. */
    static RexNode over(RexNode rex, List<RexNode> projects) {
        return rex.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef ref) {
                return projects.get(ref.getIndex());
            }
        });
    }
}
