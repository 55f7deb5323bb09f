package dev.vitrine.sql.functions;

import dev.vitrine.sql.query.Query;
import dev.vitrine.udfs.FunctionDescription;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.CallImplementor;
import org.apache.calcite.adapter.enumerable.NullPolicy;
import org.apache.calcite.adapter.enumerable.RexImpTable;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Primitive;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.schema.ImplementableFunction;
import org.apache.calcite.schema.TableFunction;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.validate.SqlUserDefinedTableFunction;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.jspecify.annotations.Nullable;

/** A table function as an operator: its rows are the same columns whatever the arguments, so {@code ?} and LATERAL work. */
public final class TableOperator extends SqlUserDefinedTableFunction {
    private final FunctionDescription description;

    TableOperator(FunctionDescription description) {
        this(description, new Signature(description));
    }

    private TableOperator(FunctionDescription description, Signature signature) {
        super(
                new SqlIdentifier(description.name(), SqlParserPos.ZERO),
                SqlKind.OTHER_FUNCTION,
                ReturnTypes.CURSOR,
                signature.inference(),
                signature,
                new Call(description, signature.parameters()));
        this.description = description;
    }

    /** What the catalogue says of the function. */
    public FunctionDescription description() {
        return description;
    }

    private static RelDataType rowType(FunctionDescription description, RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder columns = factory.builder();
        description.columns().forEach(column -> columns.add(column.name(), SqlTypes.of(column.type(), true, factory)));
        return columns.build();
    }

    @Override
    public RelDataType deriveType(SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
        return Signature.derive(this, validator, scope, call);
    }

    @Override
    public SqlReturnTypeInference getRowTypeInference() {
        return call -> rowType(description, call.getTypeFactory());
    }

    @Override
    public Type getElementType(SqlOperatorBinding call) {
        return Object[].class;
    }

    private record Call(FunctionDescription description, List<FunctionParameter> parameters)
            implements TableFunction, ImplementableFunction {
        @Override
        public List<FunctionParameter> getParameters() {
            return parameters;
        }

        @Override
        public RelDataType getRowType(RelDataTypeFactory factory, List<? extends @Nullable Object> arguments) {
            return rowType(description, factory);
        }

        @Override
        public Type getElementType(List<? extends @Nullable Object> arguments) {
            return Object[].class;
        }

        /** A NULL argument gives no rows. */
        @Override
        public CallImplementor getImplementor() {
            return RexImpTable.createImplementor(
                    (translator, call, operands) -> {
                        List<Expression> nulls = new ArrayList<>();
                        for (Expression operand : operands) {
                            if (!Primitive.is(operand.getType())) {
                                nulls.add(Expressions.equal(operand, Expressions.constant(null)));
                            }
                        }
                        List<Expression> arguments = new ArrayList<>();
                        arguments.add(Expressions.call(Query.class, "of", DataContext.ROOT));
                        arguments.addAll(Arguments.of(description, operands));
                        Expression rows = Expressions.call(
                                FunctionRows.class, "of", Expressions.call(description.method("rows"), arguments));
                        return nulls.isEmpty()
                                ? rows
                                : Expressions.condition(
                                        Expressions.foldOr(nulls), Expressions.call(FunctionRows.class, "none"), rows);
                    },
                    NullPolicy.NONE,
                    false);
        }
    }
}
