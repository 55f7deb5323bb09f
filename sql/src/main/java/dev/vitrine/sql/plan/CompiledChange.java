package dev.vitrine.sql.plan;

import dev.vitrine.sql.query.Query;
import java.util.Map;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.rel.type.RelDataType;
import org.jspecify.annotations.Nullable;

/** A statement that changes the workspace. */
public final class CompiledChange implements CompiledStatement {
    private final @Nullable CompiledQuery source;
    private final JavaTypeFactory types = Dialect.types();
    private final Effect effect;

    /** What is done at each execution; gives the number of rows that changed. */
    interface Effect {
        long run(Query query);
    }

    /**
     * @param source the query whose parameters and variables the effect needs; null where it runs none
     */
    CompiledChange(@Nullable CompiledQuery source, Effect effect) {
        this.source = source;
        this.effect = effect;
    }

    @Override
    public RelDataType parameters() {
        return source == null ? types.builder().build() : source.parameters();
    }

    @Override
    public JavaTypeFactory types() {
        return source == null ? types : source.types();
    }

    @Override
    public Map<String, Object> variables() {
        return source == null ? Map.of() : source.variables();
    }

    /** Makes the change and gives the number of rows that it added, changed or removed. */
    public long run(Query query) {
        return effect.run(query);
    }
}
