package dev.vitrine.sql.functions;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.udfs.FunctionDescription;
import dev.vitrine.udfs.FunctionDescription.Field;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.schema.FunctionParameter;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandMetadata;
import org.apache.calcite.sql.type.SqlOperandTypeInference;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;

/** What a function takes, and the one place where a call that does not fit is told so, at its line and column. */
final class Signature implements SqlOperandMetadata {
    private final FunctionDescription function;

    Signature(FunctionDescription function) {
        this.function = function;
    }

    /**
     * The type of a call. It replaces Calcite's look-up by argument types, whose message for a wrong argument says only that no function
     * matches.
     */
    static RelDataType derive(SqlOperator operator, SqlValidator validator, SqlValidatorScope scope, SqlCall call) {
        SqlValidatorScope operands = scope.getOperandScope(call);
        for (SqlNode operand : call.getOperandList()) {
            validator.deriveType(operands, operand);
        }
        return operator.validateOperands(validator, operands, call);
    }

    @Override
    public boolean checkOperandTypes(SqlCallBinding call, boolean throwOnFailure) {
        List<Field> expected = function.arguments();
        if (call.getOperandCount() != expected.size()) {
            return fail(
                    throwOnFailure,
                    call.getCall(),
                    function.signature() + " takes " + expected.size() + " arguments; given " + call.getOperandCount());
        }
        for (int i = 0; i < expected.size(); i++) {
            Field argument = expected.get(i);
            SqlNode operand = call.operand(i);
            if (operand.getKind() == SqlKind.ARGUMENT_ASSIGNMENT) {
                return fail(
                        throwOnFailure, operand, function.signature() + " takes its arguments by place, not by name");
            }
            RelDataType given = call.getOperandType(i);
            if (!SqlTypes.accepts(argument.type(), given)) {
                return fail(
                        throwOnFailure,
                        operand,
                        function.signature() + ": argument " + (i + 1) + ", " + argument.name() + ", is " + given
                                + "; expected " + argument.type().label());
            }
        }
        return true;
    }

    private static boolean fail(boolean throwOnFailure, SqlNode at, String message) {
        if (throwOnFailure) {
            SqlParserPos place = at.getParserPosition();
            throw new CalciteContextException(
                    message,
                    new VitrineException(ErrorCode.INVALID_SQL, message),
                    place.getLineNum(),
                    place.getColumnNum(),
                    place.getEndLineNum(),
                    place.getEndColumnNum());
        }
        return false;
    }

    /** Gives a {@code ?} the type of the argument that it stands for. */
    SqlOperandTypeInference inference() {
        return (call, returnType, operandTypes) -> {
            RelDataTypeFactory factory = call.getTypeFactory();
            for (int i = 0;
                    i < Math.min(operandTypes.length, function.arguments().size());
                    i++) {
                operandTypes[i] = SqlTypes.of(function.arguments().get(i).type(), true, factory);
            }
        };
    }

    /** Any count passes here, because {@link #checkOperandTypes} has the better message. */
    @Override
    public SqlOperandCountRange getOperandCountRange() {
        return SqlOperandCountRanges.any();
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
        return function.signature();
    }

    @Override
    public List<RelDataType> paramTypes(RelDataTypeFactory factory) {
        return function.arguments().stream()
                .map(argument -> SqlTypes.of(argument.type(), true, factory))
                .toList();
    }

    @Override
    public List<String> paramNames() {
        return function.arguments().stream().map(Field::name).toList();
    }

    /** The arguments as Calcite's schema functions describe them. */
    List<FunctionParameter> parameters() {
        List<Field> arguments = function.arguments();
        return java.util.stream.IntStream.range(0, arguments.size())
                .mapToObj(i -> (FunctionParameter) new Parameter(i, arguments.get(i)))
                .toList();
    }

    private record Parameter(int ordinal, Field field) implements FunctionParameter {
        @Override
        public int getOrdinal() {
            return ordinal;
        }

        @Override
        public String getName() {
            return field.name();
        }

        @Override
        public RelDataType getType(RelDataTypeFactory factory) {
            return SqlTypes.of(field.type(), true, factory);
        }

        @Override
        public boolean isOptional() {
            return false;
        }
    }
}
