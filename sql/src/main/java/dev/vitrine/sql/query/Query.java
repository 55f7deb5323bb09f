package dev.vitrine.sql.query;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.model.TransformerModel;
import dev.vitrine.engine.store.Run;
import dev.vitrine.engine.store.Store;
import dev.vitrine.udfs.FunctionContext;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TimeZone;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.linq4j.QueryProvider;
import org.apache.calcite.schema.SchemaPlus;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a statement: the runs it sees, which stay the same to its end, its parameters, its deadline, and what it has read.
 * Generated code knows it as Calcite's data context, functions as their {@link FunctionContext}. Whoever takes its rows closes it.
 */
public final class Query implements DataContext, FunctionContext, AutoCloseable {
    private static final String KEY = "vitrineQuery";

    private final Store store;
    private final List<Run> runs;
    private final Models models;
    private final Deadline deadline;
    private final JavaTypeFactory types;
    private final SchemaPlus schema;
    private final Map<String, @Nullable Object> variables = new HashMap<>();
    private final Map<Class<?>, Closeable> resources = new HashMap<>();
    private final LongAdder rowsRead = new LongAdder();
    private final LongAdder floatsRead = new LongAdder();

    /**
     * Begins an execution on the runs that the store has now.
     *
     * @param variables what generated code asks for by name: parameters as {@code ?0}, {@code ?1} and what the plan put aside for itself
     */
    public Query(
            Store store,
            Models models,
            Deadline deadline,
            JavaTypeFactory types,
            SchemaPlus schema,
            Map<String, ? extends @Nullable Object> variables) {
        this.store = store;
        this.runs = store.runs();
        this.models = models;
        this.deadline = deadline;
        this.types = types;
        this.schema = schema;
        this.variables.putAll(variables);
        long now = System.currentTimeMillis();
        TimeZone zone = TimeZone.getDefault();
        this.variables.put(KEY, this);
        this.variables.put(Variable.CANCEL_FLAG.camelName, deadline.cancelled());
        this.variables.put(Variable.UTC_TIMESTAMP.camelName, now);
        this.variables.put(Variable.CURRENT_TIMESTAMP.camelName, now + zone.getOffset(now));
        this.variables.put(Variable.LOCAL_TIMESTAMP.camelName, now + zone.getOffset(now));
        this.variables.put(Variable.TIME_ZONE.camelName, zone);
        this.variables.put(Variable.LOCALE.camelName, Locale.ROOT);
        this.variables.put(Variable.USER.camelName, "vitrine");
        this.variables.put(Variable.SYSTEM_USER.camelName, "vitrine");
    }

    /** The execution that generated code runs in. */
    public static Query of(DataContext root) {
        return (Query) Objects.requireNonNull(root.get(KEY), "not run by Vitrine");
    }

    /** The runs of the snapshot, sorted by name. */
    public List<Run> runs() {
        return runs;
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public TransformerModel model(Run run) {
        return models.model(run);
    }

    @Override
    public TransformerModel model(String name) {
        return models.model(name, runs);
    }

    @Override
    public void checkActive() {
        deadline.check();
    }

    /** Counts rows that a table gave and numbers that were copied out of its files. */
    public void count(long rows, long floats) {
        rowsRead.add(rows);
        floatsRead.add(floats);
    }

    /** Rows that tables gave so far, before any filter that could not be pushed into them. */
    public long rowsRead() {
        return rowsRead.sum();
    }

    /** Numbers copied out of mapped files so far. */
    public long floatsRead() {
        return floatsRead.sum();
    }

    /**
     * The one resource of that kind that the query shares among its tables: opened at first use, closed with the query.
     *
     * @param <T> the kind
     */
    public synchronized <T extends Closeable> T once(Class<T> kind, Supplier<T> open) {
        return kind.cast(resources.computeIfAbsent(kind, ignored -> open.get()));
    }

    @Override
    public synchronized void close() {
        try {
            for (Closeable resource : resources.values()) {
                resource.close();
            }
        } catch (IOException e) {
            throw new VitrineException(ErrorCode.IO, "what the query read from cannot be closed: " + e.getMessage(), e);
        } finally {
            resources.clear();
        }
    }

    @Override
    public @Nullable Object get(String name) {
        return variables.get(name);
    }

    @Override
    public SchemaPlus getRootSchema() {
        return schema;
    }

    @Override
    public JavaTypeFactory getTypeFactory() {
        return types;
    }

    @Override
    public QueryProvider getQueryProvider() {
        throw new UnsupportedOperationException("tables are read through Query, not as queryables");
    }
}
