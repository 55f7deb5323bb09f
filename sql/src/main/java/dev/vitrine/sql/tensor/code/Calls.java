package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.functions.ScalarOperator;
import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.udfs.FunctionDescription;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/** Calls of functions: SQL's own over numbers and strings, and the catalogue's. */
final class Calls {
    /** SQL name to the Java method over doubles. */
    private static final Map<String, String> DOUBLES = Map.ofEntries(
            Map.entry("LN", "Scalars.ln"),
            Map.entry("LOG10", "Scalars.log10"),
            Map.entry("EXP", "Math.exp"),
            Map.entry("SQRT", "Math.sqrt"),
            Map.entry("POWER", "Scalars.power"),
            Map.entry("SIN", "Math.sin"),
            Map.entry("COS", "Math.cos"),
            Map.entry("TAN", "Math.tan"),
            Map.entry("TANH", "Math.tanh"),
            Map.entry("ATAN", "Math.atan"),
            Map.entry("ATAN2", "Math.atan2"));

    private final RexToJava java;

    Calls(RexToJava java) {
        this.java = java;
    }

    Value value(RexCall call, Block block) {
        String name = call.getOperator().getName();
        if (call.getOperator() instanceof ScalarOperator operator) {
            return userDefined(call, operator.description(), block);
        }
        Value ofRow =
                name.equals("LN") ? java.scope().logarithm(call.getOperands().get(0)) : null;
        if (ofRow != null) {
            return java.let(Kind.DOUBLE, ofRow.text(), Value.NEVER, block);
        }
        List<Value> arguments = arguments(call, block);
        String method = DOUBLES.get(name);
        if (method != null && Kind.of(call.getType()) == Kind.DOUBLE) {
            List<Value> doubles = arguments.stream()
                    .map(argument -> java.arithmetic().convert(argument, Kind.DOUBLE, 0))
                    .toList();
            return java.strict(Kind.DOUBLE, arguments, method + list(doubles), !MayFail.never(call), block);
        }
        Value first = arguments.isEmpty() ? Value.nothing(Kind.OBJECT) : arguments.get(0);
        return switch (name) {
            case "ABS", "SIGN", "FLOOR", "CEIL" -> sameKind(call, name, first, arguments, block);
            case "ITEM" -> item(arguments, block);
            case "CARDINALITY" -> java.strict(Kind.INT, arguments, first.text() + ".length", true, block);
            case "UPPER", "LOWER" -> {
                String function = "Scalars." + name.toLowerCase(Locale.ROOT);
                yield java.strict(Kind.STRING, arguments, function + list(arguments), true, block);
            }
            case "||" ->
                java.strict(
                        Kind.STRING,
                        texts(arguments),
                        first.text() + ".concat(" + arguments.get(1).text() + ")",
                        true,
                        block);
            case "CHAR_LENGTH", "CHARACTER_LENGTH" ->
                java.strict(Kind.INT, texts(arguments), first.text() + ".length()", true, block);
            case "SUBSTRING" -> java.strict(Kind.STRING, arguments, "Scalars.substring" + list(arguments), true, block);
            case "LIKE" -> like(arguments, block);
            default -> throw new NotFusible("function " + name);
        };
    }

    private List<Value> arguments(RexCall call, Block block) {
        List<Value> arguments = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            arguments.add(java.value(operand, block));
        }
        return arguments;
    }

    private static String list(List<Value> arguments) {
        return arguments.stream().map(Value::text).collect(Collectors.joining(", ", "(", ")"));
    }

    private Value sameKind(RexCall call, String name, Value a, List<Value> arguments, Block block) {
        if (arguments.size() != 1 || !a.kind().numeric() || a.scale() > 0 || Kind.of(call.getType()) != a.kind()) {
            throw new NotFusible("function " + name + " of this type");
        }
        boolean whole = name.equals("FLOOR") || name.equals("CEIL");
        if (whole && a.kind().integral()) {
            return a;
        }
        String text = switch (name) {
            case "ABS" -> "Math.abs(" + a.text() + ")";
            case "SIGN" ->
                a.kind().integral()
                        ? "(" + a.kind().java() + ") Long.signum(" + a.text() + ")"
                        : "(" + a.kind().java() + ") Math.signum(" + a.text() + ")";
            default -> "(" + a.kind().java() + ") Math." + name.toLowerCase(Locale.ROOT) + "(" + a.text() + ")";
        };
        return java.strict(a.kind(), arguments, text, false, block);
    }

    private static List<Value> texts(List<Value> arguments) {
        if (arguments.stream().anyMatch(argument -> argument.kind() != Kind.STRING)) {
            throw new NotFusible("a function of text over another type");
        }
        return arguments;
    }

    private Value item(List<Value> arguments, Block block) {
        Value vector = arguments.get(0);
        Value index = arguments.get(1);
        if (vector.kind() != Kind.VECTOR || index.kind() != Kind.INT) {
            throw new NotFusible("an element of " + vector.kind());
        }
        String nulls = Logic.anyNull(arguments);
        String outside = "(" + (nulls.equals(Value.NEVER) ? "" : nulls + " || ") + index.text() + " < 1 || "
                + index.text() + " > " + vector.text() + ".length)";
        String isNull = java.declare(Kind.BOOLEAN, outside, block);
        String element = isNull + " ? 0f : " + vector.text() + "[" + index.text() + " - 1]";
        return java.let(Kind.FLOAT, element, isNull, block);
    }

    private Value like(List<Value> arguments, Block block) {
        if (arguments.size() != 2 || arguments.stream().anyMatch(argument -> argument.kind() != Kind.STRING)) {
            throw new NotFusible("LIKE with ESCAPE");
        }
        return java.strict(Kind.BOOLEAN, arguments, "Scalars.like" + list(arguments), true, block);
    }

    private Value userDefined(RexCall call, FunctionDescription function, Block block) {
        Value pair = java.scope().pair(function, call.getOperands(), block);
        if (pair != null) {
            return pair;
        }
        Method method = function.method("eval");
        List<Value> arguments = new ArrayList<>();
        for (int i = 0; i < call.getOperands().size(); i++) {
            Value argument = java.value(call.getOperands().get(i), block);
            arguments.add(argument(argument, method.getParameterTypes()[i]));
        }
        Kind kind = RexToJava.kindOf(call);
        String text = method.getDeclaringClass().getCanonicalName() + ".eval" + list(arguments);
        Class<?> result = method.getReturnType();
        if (result.isPrimitive()) {
            return java.strict(kind, arguments, text, true, block);
        }
        String boxed = result.getCanonicalName();
        String nulls = Logic.anyNull(arguments);
        String name0 = java.declare(kind, Value.zero(kind), block);
        String isNull = java.declare(Kind.BOOLEAN, "true", block);
        String open = nulls.equals(Value.NEVER) ? "{" : "if (!" + nulls + ") {";
        block.add(open)
                .add(boxed + " r = " + text + ";")
                .add("if (r != null) {")
                .add(isNull + " = false;");
        block.add(name0 + " = " + (kind.primitive() ? "r." + kind.java() + "Value()" : "r") + ";");
        block.add("}").add("}");
        return Value.of(kind, name0, isNull);
    }

    /** An argument in the type that a method's parameter has. */
    Value argument(Value value, Class<?> parameter) {
        for (Kind kind : Kind.values()) {
            if (kind.java().equals(parameter.getSimpleName())) {
                return kind == value.kind() && value.scale() == 0
                        ? value
                        : java.arithmetic().convert(value, kind, 0);
            }
        }
        throw new NotFusible("a function's argument of type " + parameter.getSimpleName());
    }
}
