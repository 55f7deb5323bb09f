package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.math.BigDecimal;
import org.apache.calcite.DataContext;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** What literals and statement parameters are in one execution. */
final class ConstantValues {
    private final @Nullable DataContext context;

    /** @param context where parameters are; null while planning, when none has a value yet */
    ConstantValues(@Nullable DataContext context) {
        this.context = context;
    }

    /** The Java value of a constant of the generated class. */
    @Nullable
    Object value(Constants.Constant constant) {
        Object value = raw(constant.rex());
        if (value == null) {
            return null;
        }
        if (constant.kind() == Kind.LONG && constant.scale() > 0) {
            return new BigDecimal(value.toString())
                    .movePointRight(constant.scale())
                    .longValue();
        }
        if (constant.kind() == Kind.STRING) {
            return value.toString();
        }
        return value;
    }

    /** Whether the expression is a constant that is NULL. */
    boolean isNull(RexNode rex) {
        return rex instanceof RexDynamicParam ? context != null && raw(rex) == null : RexLiteral.isNullLiteral(rex);
    }

    /** An integer constant; {@link Long#MIN_VALUE} where the expression is none. */
    long integer(RexNode rex) {
        return Constants.kind(rex).integral() && raw(rex) instanceof Number number
                ? number.longValue()
                : Long.MIN_VALUE;
    }

    private @Nullable Object raw(RexNode rex) {
        if (rex instanceof RexDynamicParam parameter) {
            return context == null ? null : context.get(parameter.getName());
        }
        if (!(rex instanceof RexLiteral literal) || literal.isNull()) {
            return null;
        }
        return switch (Kind.of(literal.getType())) {
            case BOOLEAN -> literal.getValueAs(Boolean.class);
            case STRING -> literal.getValueAs(String.class);
            // Infinite and NaN ones are no BigDecimal.
            case FLOAT, DOUBLE -> literal.getValue();
            default -> literal.getValueAs(BigDecimal.class);
        };
    }
}
