package dev.vitrine.sql.plan;

import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.tensor.code.TensorProgram;
import dev.vitrine.sql.tensor.rel.Fusion;
import dev.vitrine.sql.tensor.rel.UnfusedRows;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.adapter.enumerable.EnumerableInterpretable;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.Bindable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A statement that gives rows, compiled. It can be run many times and by several threads at once. */
public final class CompiledQuery implements CompiledStatement {
    private final RelDataType rowType;
    private final List<ColumnOrigin> origins;
    private final RelDataType parameters;
    private final JavaTypeFactory types;
    private final Map<String, Object> variables;
    private final Bindable<@Nullable Object> program;
    private final List<String> warnings;
    private volatile @Nullable Throwable failure;

    private CompiledQuery(
            RelDataType rowType,
            List<ColumnOrigin> origins,
            RelDataType parameters,
            JavaTypeFactory types,
            Map<String, Object> variables,
            Bindable<@Nullable Object> program,
            List<String> warnings) {
        this.rowType = rowType;
        this.origins = origins;
        this.parameters = parameters;
        this.types = types;
        this.variables = variables;
        this.program = program;
        this.warnings = warnings;
    }

    @SuppressWarnings("unchecked")
    static CompiledQuery of(EnumerableRel plan, RelDataType rowType, Planning planning) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("_conformance", Dialect.CONFORMANCE);
        TensorProgram loops = Fusion.program(plan);
        Bindable<@Nullable Object> program = loops != null
                ? root -> (Enumerable<@Nullable Object>) (Enumerable<?>) loops.enumerable(root)
                : EnumerableInterpretable.toBindable(variables, null, plan, EnumerableRel.Prefer.ARRAY);
        return new CompiledQuery(
                rowType,
                planning.origins(),
                planning.parameters(),
                planning.types(),
                variables,
                program,
                UnfusedRows.warnings(plan));
    }

    /** One column of text, one row per line. */
    static CompiledQuery ofText(String column, String text, JavaTypeFactory types) {
        RelDataType rowType = types.builder().add(column, SqlTypeName.VARCHAR).build();
        List<@Nullable Object> lines = List.copyOf(text.lines().toList());
        return new CompiledQuery(
                rowType,
                List.of(ColumnOrigin.NONE),
                types.builder().build(),
                types,
                Map.of(),
                root -> Linq4j.asEnumerable(lines),
                List.of());
    }

    /** Names and types of the columns. */
    public RelDataType rowType() {
        return rowType;
    }

    /** What there is to say of the plan beside the rows: that it will be slow, and why. */
    public List<String> warnings() {
        return warnings;
    }

    /** Where each column comes from. */
    public List<ColumnOrigin> origins() {
        return origins;
    }

    @Override
    public RelDataType parameters() {
        return parameters;
    }

    @Override
    public JavaTypeFactory types() {
        return types;
    }

    @Override
    public Map<String, Object> variables() {
        return variables;
    }

    /**
     * The rows, read as they are asked for: an Object[] each, or the value itself where there is one column. Constants are computed when
     * the code is loaded and may fail there, dividing by zero for one; code that failed so can never be loaded again.
     */
    public Enumerator<@Nullable Object> rows(Query query) {
        Throwable earlier = failure;
        if (earlier != null) {
            throw new IllegalStateException(earlier);
        }
        try {
            return program.bind(query).enumerator();
        } catch (ExceptionInInitializerError e) {
            failure = e;
            throw new IllegalStateException(e);
        }
    }
}
