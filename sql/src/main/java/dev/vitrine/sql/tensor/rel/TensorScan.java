package dev.vitrine.sql.tensor.rel;

import dev.vitrine.sql.table.StoreScan;
import dev.vitrine.sql.tensor.Tensor;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/** A scan of a table that is a tensor. */
final class TensorScan implements FusionRule {
    @Override
    public @Nullable RelNode apply(RelNode operator) {
        if (!(operator instanceof StoreScan scan) || !scan.bounds().isEmpty()) {
            return null;
        }
        String name = Util.last(scan.getTable().getQualifiedName());
        for (Tensor tensor : Tensor.values()) {
            if (name.equals(tensor.table()) && scan.getRowType().getFieldNames().equals(tensor.columns())) {
                TensorStore store = new TensorStore(scan.storeTable()::runs);
                return TensorRel.scan(scan.getCluster(), store, tensor, scan.getRowType());
            }
        }
        return null;
    }
}
