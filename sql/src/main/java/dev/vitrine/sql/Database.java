package dev.vitrine.sql;

import dev.vitrine.engine.store.Store;
import dev.vitrine.sql.plan.CompiledStatement;
import dev.vitrine.sql.plan.Compiler;
import dev.vitrine.sql.plan.WarmUp;
import dev.vitrine.sql.query.Deadline;
import dev.vitrine.sql.query.Models;
import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.table.StoreSchema;
import dev.vitrine.sql.workspace.Workspace;
import dev.vitrine.udfs.FunctionCatalog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store opened for SQL: its tables, the functions, the workspace, and the plans made so far. Thread-safe; whoever opens it closes it. */
public final class Database implements AutoCloseable {
    private final Store store;
    private final Workspace workspace;
    private final boolean workspaceWritable;
    private final FunctionCatalog functions = FunctionCatalog.load();
    private final Models models = new Models();
    private final Compiler compiler;
    private final PlanCache plans = new PlanCache();

    private Database(Store store, Workspace workspace, boolean workspaceWritable) {
        this.store = store;
        this.workspace = workspace;
        this.workspaceWritable = workspaceWritable;
        this.compiler = new Compiler(new StoreSchema(store), functions, workspace);
    }

    /**
     * Opens a store. {@code NOT_FOUND} where there is none, {@code BAD_STORE} where it is damaged. Nothing is locked or written until a
     * statement changes the workspace; then {@code LOCKED} where another process has it.
     *
     * @param workspaceWritable whether connections may change the workspace
     */
    public static Database open(Path store, boolean workspaceWritable) {
        WarmUp.begin();
        return new Database(Store.open(store), Workspace.open(store), workspaceWritable);
    }

    /** A connection of its own, in schema {@code vitrine}; close it before the database. */
    public Connection connect(boolean readOnly) throws SQLException {
        return VitrineDriver.INSTANCE.connect(this, readOnly, () -> {});
    }

    /** The store. */
    public Store store() {
        return store;
    }

    /** The functions that SQL can call. */
    public FunctionCatalog functions() {
        return functions;
    }

    boolean workspaceWritable() {
        return workspaceWritable;
    }

    Compiler compiler() {
        return compiler;
    }

    /** The statement ready to run, from the cache where neither runs nor workspace have changed since it was compiled. */
    CompiledStatement compile(String sql, boolean writable) {
        store.refresh();
        PlanCache.State state = new PlanCache.State(store.version(), workspace.contents());
        CompiledStatement known = plans.get(sql, state);
        if (known == null) {
            known = compiler.compile(sql, writable);
            plans.put(sql, state, known);
        }
        return known;
    }

    /** An execution of a statement with these parameters, for the caller to close. */
    Query begin(CompiledStatement statement, List<@Nullable Object> parameters, Deadline deadline) {
        Map<String, @Nullable Object> variables = new HashMap<>(statement.variables());
        for (int i = 0; i < parameters.size(); i++) {
            variables.put("?" + i, parameters.get(i));
        }
        return new Query(store, models, deadline, statement.types(), compiler.schema(), variables);
    }

    @Override
    public void close() {
        models.close();
        workspace.close();
        store.close();
    }
}
