package dev.vitrine.sql.functions;

import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.SqlType;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.adapter.enumerable.AggImplementor;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableAggFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlUserDefinedAggFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;

/** An aggregate function as an operator. Calcite never merges states; {@link #description} has {@code merge} for an operator that does. */
public final class AggregateOperator extends SqlUserDefinedAggFunction {
    private final FunctionDescription description;

    AggregateOperator(FunctionDescription description) {
        this(description, new Signature(description));
    }

    private AggregateOperator(FunctionDescription description, Signature signature) {
        super(
                new SqlIdentifier(description.name(), SqlParserPos.ZERO),
                SqlKind.OTHER_FUNCTION,
                call -> resultType(description, call.getTypeFactory()),
                signature.inference(),
                signature,
                new Accumulation(description, signature.parameters()),
                false,
                false,
                Optionality.FORBIDDEN);
        this.description = description;
    }

    /** What the catalogue says of the function. */
    public FunctionDescription description() {
        return description;
    }

    /** An empty group has a result too: what {@code result} makes of {@code init}. */
    private static RelDataType resultType(FunctionDescription description, RelDataTypeFactory factory) {
        SqlType result = Objects.requireNonNull(description.result());
        return SqlTypes.of(result, !description.method("result").getReturnType().isPrimitive(), factory);
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
        return Signature.derive(this, validator, scope, call);
    }

    private record Accumulation(FunctionDescription description, List<FunctionParameter> parameters)
            implements ImplementableAggFunction {
        @Override
        public List<FunctionParameter> getParameters() {
            return parameters;
        }

        @Override
        public RelDataType getReturnType(RelDataTypeFactory factory) {
            return resultType(description, factory);
        }

        @Override
        public AggImplementor getImplementor(boolean windowContext) {
            return new AggregateCode(description);
        }
    }
}
