package dev.vitrine.sql.tensor.rel;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;

/** From what is to be one loop nest to what runs it. */
final class TensorToEnumerable extends ConverterRule {
    static final TensorToEnumerable RULE = Config.INSTANCE
            .withConversion(TensorRel.class, Convention.NONE, EnumerableConvention.INSTANCE, "TensorToEnumerable")
            .withRuleFactory(TensorToEnumerable::new)
            .toRule(TensorToEnumerable.class);

    private TensorToEnumerable(Config config) {
        super(config);
    }

    @Override
    public RelNode convert(RelNode rel) {
        TensorRel tensor = (TensorRel) rel;
        List<RelNode> tables = tensor.getInputs().stream()
                .map(table -> convert(table, table.getTraitSet().replace(EnumerableConvention.INSTANCE)))
                .toList();
        return EnumerableTensor.of(tensor, tables);
    }
}
