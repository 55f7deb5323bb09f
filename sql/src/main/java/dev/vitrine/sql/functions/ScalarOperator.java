package dev.vitrine.sql.functions;

import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.SqlType;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlUserDefinedFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** A scalar function as an operator whose generated code calls {@code eval} directly, with primitives. */
public final class ScalarOperator extends SqlUserDefinedFunction {
    private final FunctionDescription description;

    ScalarOperator(FunctionDescription description) {
        this(description, new Signature(description));
    }

    private ScalarOperator(FunctionDescription description, Signature signature) {
        super(
                new SqlIdentifier(description.name(), SqlParserPos.ZERO),
                SqlKind.OTHER_FUNCTION,
                call -> resultType(description, call),
                signature.inference(),
                signature,
                new Evaluation(description, signature.parameters()));
        this.description = description;
    }

    /** What the catalogue says of the function. */
    public FunctionDescription description() {
        return description;
    }

    private static RelDataType resultType(FunctionDescription description, SqlOperatorBinding call) {
        SqlType result = Objects.requireNonNull(description.result());
        boolean nullable = !description.method("eval").getReturnType().isPrimitive();
        for (int i = 0; i < call.getOperandCount() && !nullable; i++) {
            nullable = call.getOperandType(i).isNullable();
        }
        return SqlTypes.of(result, nullable, call.getTypeFactory());
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
        return Signature.derive(this, validator, scope, call);
    }

    /** Keeps the planner from calling the function on constants, where its errors would come out as the planner's. */
    @Override
    public boolean isDynamicFunction() {
        return true;
    }

    private record Evaluation(FunctionDescription description, List<FunctionParameter> parameters)
            implements ImplementableFunction {
        @Override
        public List<FunctionParameter> getParameters() {
            return parameters;
        }

        @Override
        public CallImplementor getImplementor() {
            Method eval = description.method("eval");
            return RexImpTable.createImplementor(
                    (translator, call, operands) ->
                            Arguments.result(Expressions.call(eval, Arguments.of(description, operands))),
                    NullPolicy.STRICT,
                    false);
        }
    }
}
