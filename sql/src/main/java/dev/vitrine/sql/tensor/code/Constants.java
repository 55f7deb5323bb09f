package dev.vitrine.sql.tensor.code;

import dev.vitrine.sql.tensor.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;

/**
 * Literals and statement parameters of a query: numbered fields of the generated class, so that queries that differ in numbers alone
 * share a class, and with it what the JIT has learnt.
 */
final class Constants {
    /**
     * @param rex a literal or a parameter
     * @param scale digits after the point of a decimal held as a long; 0 otherwise
     */
    record Constant(RexNode rex, Kind kind, int scale) {
        boolean nullable() {
            return rex instanceof RexDynamicParam || ((RexLiteral) rex).isNull();
        }
    }

    private final List<Constant> constants = new ArrayList<>();

    /** The parameter that an expression casts to the type that it has, as {@code CAST(? AS SMALLINT)} does; else the expression. */
    static RexNode bare(RexNode rex) {
        return rex instanceof RexCall call
                        && call.getKind() == SqlKind.CAST
                        && call.getOperands().get(0) instanceof RexDynamicParam parameter
                        && parameter.getType().getSqlTypeName()
                                == call.getType().getSqlTypeName()
                ? parameter
                : rex;
    }

    /** The kind of an expression, where a constant of a small integer type is an int: arithmetic with it and an int is that of ints. */
    static Kind kind(RexNode rex) {
        RexNode bare = bare(rex);
        return switch (bare.getType().getSqlTypeName()) {
            case TINYINT, SMALLINT ->
                bare instanceof RexDynamicParam || bare instanceof RexLiteral ? Kind.INT : Kind.OBJECT;
            default -> Kind.of(bare.getType());
        };
    }

    Value value(RexNode rex, Kind kind, int scale) {
        Constant constant = new Constant(rex, kind, scale);
        int index = constants.indexOf(constant);
        if (index < 0) {
            index = constants.size();
            constants.add(constant);
        }
        String isNull = constant.nullable() ? "cn" + index : Value.NEVER;
        return new Value(kind, "c" + index, isNull, scale);
    }

    List<Constant> list() {
        return constants;
    }

    /** Fields by name: {@code c0}, and {@code cn0} for whether it is NULL. */
    Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < constants.size(); i++) {
            fields.put("c" + i, constants.get(i).kind.java());
            if (constants.get(i).nullable()) {
                fields.put("cn" + i, "boolean");
            }
        }
        return fields;
    }

    /** The constructor's statements that fill the fields. */
    String reads() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < constants.size(); i++) {
            Constant constant = constants.get(i);
            text.append("c" + i + " = execution." + reader(constant.kind) + "(" + i + ");\n");
            if (constant.nullable()) {
                text.append("cn" + i + " = execution.isNull(" + i + ");\n");
            }
        }
        return text.toString();
    }

    private static String reader(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> "booleanConstant";
            case INT -> "intConstant";
            case LONG -> "longConstant";
            case FLOAT -> "floatConstant";
            case DOUBLE -> "doubleConstant";
            case STRING -> "stringConstant";
            case VECTOR -> "vectorConstant";
            case OBJECT -> throw new NotFusible("a constant of this type");
        };
    }
}
