package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import dev.vitrine.udfs.FunctionDescription;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Row expressions to Java over primitives, with SQL's three-valued logic. A value is computed once, at the outermost level where all
 * that it names is known, unless computing it may fail.
 */
final class RexToJava {
    private final RexBuilder rexBuilder;
    private final Constants constants;
    private final Scope scope;
    private final Arithmetic arithmetic = new Arithmetic(this);
    private final Logic logic = new Logic(this);
    private final Calls calls;
    private int names;

    /** Where expressions find what lies outside of them. */
    interface Scope {
        /** The value of a column, which is known in blocks of its level and below. */
        Value column(int index, RexNode ref);

        int level(RexNode rex);

        /** The block of a level, which its inner levels can see. */
        Block block(int level);

        /** Whether variables of this level are fields. */
        boolean fields(int level);

        /** What a function makes of two vectors, where a whole row of that is computed at once; null elsewhere. */
        @Nullable
        Value pair(FunctionDescription function, List<RexNode> operands, Block block);

        /** The natural logarithm of a cell, where a whole row of them is computed at once; null elsewhere. */
        @Nullable
        Value logarithm(RexNode argument);

        /** A field of the generated class. */
        void field(String type, String name);
    }

    RexToJava(RexBuilder rexBuilder, Constants constants, Scope scope) {
        this.rexBuilder = rexBuilder;
        this.constants = constants;
        this.scope = scope;
        this.calls = new Calls(this);
    }

    /** The value of an expression, known at the end of {@code block}. */
    Value value(RexNode expression, Block block) {
        RexNode rex = Constants.bare(expression);
        Value known = block.find(rex);
        if (known != null) {
            return known;
        }
        if (rex instanceof RexInputRef ref) {
            return scope.column(ref.getIndex(), ref);
        }
        if (rex instanceof RexLiteral || rex instanceof RexDynamicParam) {
            return constant(rex);
        }
        if (!(rex instanceof RexCall call)) {
            throw new NotFusible("an expression of kind " + rex.getKind());
        }
        int level = scope.level(rex);
        Block home = level < block.level && MayFail.never(rex) ? scope.block(level) : block;
        Value value = home.find(rex);
        if (value == null) {
            value = call(call, home);
            home.remember(rex, value);
        }
        return value;
    }

    private Value constant(RexNode rex) {
        Kind kind = Constants.kind(rex);
        int scale = 0;
        if (kind == Kind.OBJECT && Decimals.fits(rex.getType())) {
            kind = Kind.LONG;
            scale = rex.getType().getScale();
        }
        if (rex instanceof RexLiteral literal && literal.isNull()) {
            return Value.nothing(kind);
        }
        if (kind == Kind.OBJECT) {
            throw new NotFusible("a constant of type " + rex.getType());
        }
        return constants.value(rex, kind, scale);
    }

    private Value call(RexCall call, Block block) {
        return switch (call.getKind()) {
            case PLUS, MINUS, TIMES, DIVIDE, MOD, MINUS_PREFIX, PLUS_PREFIX, CAST -> arithmetic.value(call, block);
            case AND,
                    OR,
                    NOT,
                    EQUALS,
                    NOT_EQUALS,
                    LESS_THAN,
                    LESS_THAN_OR_EQUAL,
                    GREATER_THAN,
                    GREATER_THAN_OR_EQUAL,
                    IS_NULL,
                    IS_NOT_NULL,
                    IS_TRUE,
                    IS_NOT_TRUE,
                    IS_FALSE,
                    IS_NOT_FALSE,
                    IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM -> logic.value(call, block);
            case SEARCH -> value(RexUtil.expandSearch(rexBuilder, null, call), block);
            case CASE -> cases(call, block);
            default -> calls.value(call, block);
        };
    }

    private Value cases(RexCall call, Block block) {
        Kind kind = kindOf(call);
        int scale = kind == Kind.LONG && Decimals.fits(call.getType())
                ? call.getType().getScale()
                : 0;
        String name = declare(kind, Value.zero(kind), block);
        String isNull = call.getType().isNullable() ? declare(Kind.BOOLEAN, "true", block) : Value.NEVER;
        branch(call.getOperands(), 0, new Value(kind, name, isNull, scale), block);
        return new Value(kind, name, isNull, scale);
    }

    private void branch(List<RexNode> operands, int at, Value target, Block block) {
        if (at == operands.size() - 1) {
            Value value = arithmetic.convert(value(operands.get(at), block), target.kind(), target.scale());
            block.add(target.text() + " = " + value.text() + ";");
            if (target.nullable()) {
                block.add(target.isNull() + " = " + value.isNull() + ";");
            }
            return;
        }
        Value condition = value(operands.get(at), block);
        Block then = block.inner();
        branch(List.of(operands.get(at + 1)), 0, target, then);
        Block otherwise = block.inner();
        branch(operands, at + 2, target, otherwise);
        block.add("if (" + condition.text() + ") {").text.append(then.text);
        block.add("} else {").text.append(otherwise.text);
        block.add("}");
    }

    /** A variable of the block that is assigned once; the given text where it is a name or a number already. */
    Value let(Kind kind, String text, String isNull, Block block) {
        return Value.of(kind, declare(kind, text, block), isNull);
    }

    /** A new variable with this first value. */
    String declare(Kind kind, String first, Block block) {
        String name = "v" + names++;
        if (scope.fields(block.level)) {
            scope.field(kind.java(), name);
            block.add(name + " = " + first + ";");
        } else {
            block.add(kind.java() + " " + name + " = " + first + ";");
        }
        return name;
    }

    /**
     * What a function of non-null arguments gives: null where an argument is.
     *
     * @param guarded whether it must not be computed where an argument is null
     */
    Value strict(Kind kind, List<Value> arguments, String text, boolean guarded, Block block) {
        String isNull = Logic.anyNull(arguments);
        if (!guarded || isNull.equals(Value.NEVER)) {
            return let(kind, text, isNull, block);
        }
        String name = declare(kind, Value.zero(kind), block);
        block.add("if (!" + isNull + ") {\n" + name + " = " + text + ";\n}");
        return Value.of(kind, name, isNull);
    }

    /** The kind of a call's result; decimals of at most 18 digits are longs. */
    static Kind kindOf(RexNode rex) {
        Kind kind = Kind.of(rex.getType());
        if (kind == Kind.OBJECT) {
            if (Decimals.fits(rex.getType())) {
                return Kind.LONG;
            }
            throw new NotFusible("a value of type " + rex.getType());
        }
        return kind;
    }

    /** An argument in the type that a method's parameter has. */
    Value argument(Value value, Class<?> parameter) {
        return calls.argument(value, parameter);
    }

    Scope scope() {
        return scope;
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }
}
