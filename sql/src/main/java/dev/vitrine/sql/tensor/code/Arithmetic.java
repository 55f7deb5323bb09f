package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.util.List;
import org.apache.calcite.rex.RexCall;

/**
 * {@code + - * / MOD CAST}. Each is done in the type that SQL gives the result: REAL in float32, DOUBLE in float64, integers in two's
 * complement, decimals exactly.
 */
final class Arithmetic {
    private final RexToJava java;

    Arithmetic(RexToJava java) {
        this.java = java;
    }

    Value value(RexCall call, Block block) {
        Value a = java.value(call.getOperands().get(0), block);
        Kind kind = RexToJava.kindOf(call);
        int scale = kind == Kind.LONG && Decimals.fits(call.getType())
                ? call.getType().getScale()
                : 0;
        return switch (call.getKind()) {
            case CAST -> cast(a, kind, scale, block);
            case PLUS_PREFIX -> a;
            case MINUS_PREFIX -> {
                Value negated = java.let(a.kind(), "-" + a.text(), a.isNull(), block);
                yield new Value(a.kind(), negated.text(), a.isNull(), a.scale());
            }
            default -> binary(call, a, java.value(call.getOperands().get(1), block), kind, scale, block);
        };
    }

    private Value binary(RexCall call, Value a, Value b, Kind kind, int scale, Block block) {
        if (!a.kind().numeric() || !b.kind().numeric()) {
            throw new NotFusible(call.getOperator().getName() + " over " + a.kind() + " and " + b.kind());
        }
        String operator = switch (call.getKind()) {
            case PLUS -> " + ";
            case MINUS -> " - ";
            case TIMES -> " * ";
            case DIVIDE -> " / ";
            default -> " % ";
        };
        boolean decimal = kind == Kind.LONG && (scale > 0 || a.scale() > 0 || b.scale() > 0);
        Value left;
        Value right;
        if (decimal && operator.equals(" * ")) {
            if (a.scale() + b.scale() != scale) {
                throw new NotFusible("a product of decimals that is rounded to " + scale + " digits");
            }
            left = convert(a, Kind.LONG, a.scale());
            right = convert(b, Kind.LONG, b.scale());
        } else if (decimal && operator.equals(" / ")) {
            throw new NotFusible("a quotient of decimals; cast one side to DOUBLE");
        } else {
            left = convert(a, kind, scale);
            right = convert(b, kind, scale);
        }
        boolean guarded = kind.integral() && (operator.equals(" / ") || operator.equals(" % "));
        String text = left.text() + operator + right.text();
        Value result = java.strict(kind, List.of(a, b), text, guarded, block);
        return new Value(kind, result.text(), result.isNull(), scale);
    }

    private Value cast(Value a, Kind kind, int scale, Block block) {
        if (kind == a.kind() && scale == a.scale()) {
            return a;
        }
        if (!kind.numeric() || !a.kind().numeric()) {
            throw new NotFusible("a cast from " + a.kind() + " to " + kind);
        }
        boolean narrows = (kind.integral() && !a.kind().integral()) || (kind == Kind.INT && a.kind() == Kind.LONG);
        if ((scale > 0 && !a.kind().integral()) || (a.scale() > scale && kind.integral())) {
            throw new NotFusible("a cast that rounds to a decimal or from one");
        }
        if (!narrows) {
            return convert(a, kind, scale);
        }
        String method = a.kind().integral() ? "Math.toIntExact" : kind == Kind.INT ? "Scalars.toInt" : "Scalars.toLong";
        return java.strict(kind, List.of(a), method + "(" + a.text() + ")", true, block);
    }

    /** The value in a type that can hold it, or in the float type that SQL asks for. */
    Value convert(Value value, Kind kind, int scale) {
        if (value.kind() == kind && value.scale() == scale) {
            return value;
        }
        if (!value.kind().numeric() || !kind.numeric()) {
            throw new NotFusible("a conversion from " + value.kind() + " to " + kind);
        }
        String text = value.text();
        if (kind.integral()) {
            if (!value.kind().integral() || value.scale() > scale || (kind == Kind.INT && value.kind() == Kind.LONG)) {
                throw new NotFusible("a conversion from " + value.kind() + " to " + kind);
            }
            text = "(long) " + text;
            if (scale > value.scale()) {
                text = "(" + text + " * " + Decimals.power(scale - value.scale()) + ")";
            } else {
                text = "(" + text + ")";
            }
            return new Value(kind, text, value.isNull(), scale);
        }
        if (value.scale() > 0) {
            text = "((double) " + text + " / " + Decimals.power(value.scale()) + ")";
        }
        String cast = kind == value.kind() ? text : "((" + kind.java() + ") " + text + ")";
        return new Value(kind, cast, value.isNull(), 0);
    }
}
