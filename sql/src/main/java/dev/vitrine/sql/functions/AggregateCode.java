package dev.vitrine.sql.functions;

import dev.vitrine.udfs.FunctionDescription;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.AggAddContext;
import org.apache.calcite.adapter.enumerable.AggContext;
import org.apache.calcite.adapter.enumerable.AggResetContext;
import org.apache.calcite.adapter.enumerable.AggResultContext;
import org.apache.calcite.adapter.enumerable.StrictAggImplementor;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;

/** Generates the calls of {@code init}, {@code add} and {@code result}; rows with a NULL argument are skipped by the superclass. */
final class AggregateCode extends StrictAggImplementor {
    private final FunctionDescription function;

    AggregateCode(FunctionDescription function) {
        this.function = function;
    }

    /** An empty group is the function's own business. */
    @Override
    protected boolean nonDefaultOnEmptySet(AggContext info) {
        return false;
    }

    @Override
    public List<Type> getNotNullState(AggContext info) {
        return List.of(function.method("init").getReturnType());
    }

    @Override
    protected void implementNotNullReset(AggContext info, AggResetContext reset) {
        assign(reset.currentBlock(), reset.accumulator().get(0), Expressions.call(function.method("init")));
    }

    @Override
    protected void implementNotNullAdd(AggContext info, AggAddContext add) {
        Expression state = add.accumulator().get(0);
        List<Expression> arguments = new ArrayList<>();
        arguments.add(state);
        arguments.addAll(Arguments.of(function, add.arguments()));
        assign(add.currentBlock(), state, Expressions.call(function.method("add"), arguments));
    }

    @Override
    protected Expression implementNotNullResult(AggContext info, AggResultContext result) {
        return Arguments.result(
                Expressions.call(function.method("result"), result.accumulator().get(0)));
    }

    private static void assign(BlockBuilder block, Expression state, Expression value) {
        block.add(Expressions.statement(Expressions.assign(state, value)));
    }
}
