package dev.vitrine.sql.tensor.run;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.query.Vector;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One run of a query's loops: what they read, and whether they should go on. Thread-safe. */
public final class Execution {
    private final List<RunTensors> runs;
    private final @Nullable Object[] constants;
    private final List<Dimension> dimensions;
    private final Codes codes;
    private final Query query;
    private volatile BooleanSupplier closed = () -> false;

    /** @param constants Java values of literals and parameters, in the order of the generated class */
    public Execution(
            Query query, List<RunTensors> runs, @Nullable Object[] constants, List<Dimension> dimensions, Codes codes) {
        this.runs = runs;
        this.constants = constants.clone();
        this.dimensions = dimensions;
        this.codes = codes;
        this.query = query;
    }

    void closedWhen(BooleanSupplier condition) {
        closed = condition;
    }

    /** Ends the statement when it was cancelled, closed or is late. */
    public void check() {
        if (closed.getAsBoolean()) {
            throw new VitrineException(ErrorCode.CANCELLED, "the statement was closed");
        }
        query.checkActive();
    }

    /** What the statement's groups are counted against. */
    public GroupMemory groupMemory() {
        return query.once(GroupMemory.class, GroupMemory::new);
    }

    public List<RunTensors> runs() {
        return runs;
    }

    public RunTensors run(int run) {
        return runs.get(run);
    }

    public Dimension dimension(int dimension) {
        return dimensions.get(dimension);
    }

    /** Numbers for strings computed in loops. */
    public Codes codes() {
        return codes;
    }

    public boolean isNull(int constant) {
        return constants[constant] == null;
    }

    public boolean booleanConstant(int constant) {
        return constants[constant] instanceof Boolean value && value;
    }

    public int intConstant(int constant) {
        return constants[constant] instanceof Number number ? number.intValue() : 0;
    }

    public long longConstant(int constant) {
        return constants[constant] instanceof Number number ? number.longValue() : 0;
    }

    public float floatConstant(int constant) {
        return constants[constant] instanceof Number number ? number.floatValue() : 0;
    }

    public double doubleConstant(int constant) {
        return constants[constant] instanceof Number number ? number.doubleValue() : 0;
    }

    public String stringConstant(int constant) {
        return constants[constant] instanceof String text ? text : "";
    }

    public float[] vectorConstant(int constant) {
        Object value = constants[constant];
        return value instanceof List<?> list ? Vector.floats(list) : new float[0];
    }
}
