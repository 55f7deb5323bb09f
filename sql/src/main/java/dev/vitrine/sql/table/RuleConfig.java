package dev.vitrine.sql.table;

import java.util.function.Function;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.tools.RelBuilderFactory;
import org.jspecify.annotations.Nullable;

/**
 * What Calcite wants to know of a rule, without its annotation processor.
 *
 * @param description a name that no other rule has
 * @param operandSupplier the shape of plan that the rule looks for
 * @param rule makes the rule
 */
public record RuleConfig(
        String description, RelRule.OperandTransform operandSupplier, Function<RuleConfig, RelOptRule> rule)
        implements RelRule.Config {
    @Override
    public RelOptRule toRule() {
        return rule.apply(this);
    }

    @Override
    public RuleConfig withRelBuilderFactory(RelBuilderFactory factory) {
        throw new UnsupportedOperationException("the rule makes its nodes itself");
    }

    @Override
    public RuleConfig withDescription(@Nullable String name) {
        return new RuleConfig(name == null ? description : name, operandSupplier, rule);
    }

    @Override
    public RuleConfig withOperandSupplier(RelRule.OperandTransform operands) {
        return new RuleConfig(description, operands, rule);
    }
}
