package dev.vitrine.sql.tensor.code;

import java.util.List;
import java.util.StringJoiner;
import org.apache.calcite.rex.RexNode;

/** Values in Java objects, as the operators above want them. */
final class Outputs {
    private Outputs() {}

    /** {@code new Object[] {…}} of these expressions at the end of the block. */
    static String array(NestWriter writer, List<RexNode> expressions, Block block) {
        StringJoiner array = new StringJoiner(", ", "new Object[] {", "}");
        for (RexNode rex : expressions) {
            Value value = writer.java.value(rex, block);
            String boxed = boxed(value);
            array.add(value.nullable() ? "(" + value.isNull() + " ? null : (Object) " + boxed + ")" : boxed);
        }
        return array.toString();
    }

    private static String boxed(Value value) {
        String text = value.text();
        if (value.scale() > 0) {
            return "java.math.BigDecimal.valueOf(" + text + ", " + value.scale() + ")";
        }
        return switch (value.kind()) {
            case BOOLEAN -> "Boolean.valueOf(" + text + ")";
            case INT -> "Integer.valueOf(" + text + ")";
            case LONG -> "Long.valueOf(" + text + ")";
            case FLOAT -> "Float.valueOf(" + text + ")";
            case DOUBLE -> "Double.valueOf(" + text + ")";
            case VECTOR -> "Boxing.copy(" + text + ")";
            case STRING, OBJECT -> text;
        };
    }
}
