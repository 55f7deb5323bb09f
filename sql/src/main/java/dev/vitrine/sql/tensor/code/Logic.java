package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/** Comparisons and the connectives of SQL's three-valued logic. A comparison with NaN is false, as in IEEE 754. */
final class Logic {
    private final RexToJava java;

    Logic(RexToJava java) {
        this.java = java;
    }

    Value value(RexCall call, Block block) {
        List<RexNode> operands = call.getOperands();
        if (call.getKind() == SqlKind.AND || call.getKind() == SqlKind.OR) {
            return connect(call, operands.size() - 1, block);
        }
        Value a = java.value(operands.get(0), block);
        return switch (call.getKind()) {
            case NOT -> Value.of(Kind.BOOLEAN, a.isFalse(), a.isNull());
            case IS_NULL -> Value.of(Kind.BOOLEAN, a.isNull());
            case IS_NOT_NULL -> Value.of(Kind.BOOLEAN, "!" + a.isNull());
            case IS_TRUE -> Value.of(Kind.BOOLEAN, a.text());
            case IS_NOT_TRUE -> Value.of(Kind.BOOLEAN, "(!" + a.text() + ")");
            case IS_FALSE -> Value.of(Kind.BOOLEAN, a.isFalse());
            case IS_NOT_FALSE -> Value.of(Kind.BOOLEAN, "(!" + a.isFalse() + ")");
            case IS_DISTINCT_FROM -> distinct(a, java.value(operands.get(1), block), true);
            case IS_NOT_DISTINCT_FROM -> distinct(a, java.value(operands.get(1), block), false);
            default -> compare(call, a, java.value(operands.get(1), block));
        };
    }

    /** Connects operands 0 to {@code last}; an operand that can fail is only looked at where it matters. */
    private Value connect(RexCall call, int last, Block block) {
        boolean and = call.getKind() == SqlKind.AND;
        if (last == 0) {
            return java.value(call.getOperands().get(0), block);
        }
        Value a = connect(call, last - 1, block);
        RexNode right = call.getOperands().get(last);
        if (MayFail.never(right)) {
            Value b = java.value(right, block);
            return Value.of(Kind.BOOLEAN, connected(and, a, b), connectedNull(and, a, b));
        }
        String result = java.declare(Kind.BOOLEAN, a.text(), block);
        boolean nullable = a.nullable() || right.getType().isNullable();
        String isNull = nullable ? java.declare(Kind.BOOLEAN, a.isNull(), block) : Value.NEVER;
        Block inner = block.inner();
        Value b = java.value(right, inner);
        inner.add(result + " = " + connected(and, a, b) + ";");
        if (nullable) {
            inner.add(isNull + " = " + connectedNull(and, a, b) + ";");
        }
        String undecided = and ? "!" + a.isFalse() : "!" + a.text();
        block.add("if (" + undecided + ") {").text.append(inner.text);
        block.add("}");
        return Value.of(Kind.BOOLEAN, result, isNull);
    }

    private static String connected(boolean and, Value a, Value b) {
        return "(" + a.text() + (and ? " && " : " || ") + b.text() + ")";
    }

    private static String connectedNull(boolean and, Value a, Value b) {
        if (!a.nullable() && !b.nullable()) {
            return Value.NEVER;
        }
        return and
                ? "(!" + connected(true, a, b) + " && !" + a.isFalse() + " && !" + b.isFalse() + ")"
                : "(!" + connected(false, a, b) + " && (" + a.isNull() + " || " + b.isNull() + "))";
    }

    private Value compare(RexCall call, Value a, Value b) {
        String isNull = anyNull(List.of(a, b));
        String text = switch (call.getKind()) {
            case EQUALS -> equal(a, b);
            case NOT_EQUALS -> "!" + equal(a, b);
            case LESS_THAN -> ordered(a, b, " < ");
            case LESS_THAN_OR_EQUAL -> ordered(a, b, " <= ");
            case GREATER_THAN -> ordered(a, b, " > ");
            default -> ordered(a, b, " >= ");
        };
        if (isNull.equals(Value.NEVER)) {
            return Value.of(Kind.BOOLEAN, "(" + text + ")");
        }
        return Value.of(Kind.BOOLEAN, "(!" + isNull + " && " + text + ")", isNull);
    }

    private String equal(Value a, Value b) {
        if (a.kind().numeric() && b.kind().numeric()) {
            return ordered(a, b, " == ");
        }
        if (a.kind() == Kind.BOOLEAN && b.kind() == Kind.BOOLEAN) {
            return "(" + a.text() + " == " + b.text() + ")";
        }
        if (a.kind() == Kind.STRING && b.kind() == Kind.STRING) {
            return a.text() + ".equals(" + b.text() + ")";
        }
        throw new NotFusible("a comparison of " + a.kind() + " with " + b.kind());
    }

    private String ordered(Value a, Value b, String operator) {
        if (a.kind() == Kind.STRING && b.kind() == Kind.STRING) {
            return "(" + a.text() + ".compareTo(" + b.text() + ")" + operator + "0)";
        }
        if (!a.kind().numeric() || !b.kind().numeric()) {
            throw new NotFusible("a comparison of " + a.kind() + " with " + b.kind());
        }
        boolean exact = a.kind().integral() && b.kind().integral();
        boolean same = a.kind() == b.kind() && a.scale() == b.scale();
        Kind kind = same ? a.kind() : exact ? Kind.LONG : Kind.DOUBLE;
        int scale = exact ? Math.max(a.scale(), b.scale()) : 0;
        Value left = java.arithmetic().convert(a, kind, scale);
        Value right = java.arithmetic().convert(b, kind, scale);
        return "(" + left.text() + operator + right.text() + ")";
    }

    private Value distinct(Value a, Value b, boolean distinct) {
        String same = "(" + a.isNull() + " ? " + b.isNull() + " : !" + b.isNull() + " && " + equal(a, b) + ")";
        return Value.of(Kind.BOOLEAN, distinct ? "(!" + same + ")" : same);
    }

    /** Whether one of the values is null. */
    static String anyNull(List<Value> values) {
        String any = values.stream()
                .filter(Value::nullable)
                .map(Value::isNull)
                .distinct()
                .collect(Collectors.joining(" || "));
        return any.isEmpty() ? Value.NEVER : "(" + any + ")";
    }
}
