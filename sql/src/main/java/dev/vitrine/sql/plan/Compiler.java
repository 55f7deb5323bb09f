package dev.vitrine.sql.plan;

import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.functions.FunctionOperators;
import dev.vitrine.sql.workspace.Workspace;
import dev.vitrine.sql.workspace.WorkspaceSchema;
import dev.vitrine.udfs.FunctionCatalog;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlExplainFormat;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.util.SqlOperatorTables;

/** From SQL text to something that runs. Thread-safe. */
public final class Compiler {
    private static final Set<String> STATEMENTS =
            Set.of("SELECT", "WITH", "VALUES", "TABLE", "(", "EXPLAIN", "INSERT", "UPDATE", "DELETE");

    /** What begins a statement in other databases. */
    private static final Set<String> OTHERS =
            Set.of(("ALTER ANALYZE ATTACH BEGIN CALL COMMENT COMMIT COPY DESCRIBE EXECUTE"
                            + " GRANT LOAD LOCK MERGE PRAGMA REPLACE RESET REVOKE ROLLBACK RUNSCRIPT SCRIPT SET SHOW START TRUNCATE USE"
                            + " VACUUM")
                    .split(" "));

    private final Catalog catalog;
    private final Changes changes;

    /** A compiler for statements over these tables, these functions and that workspace. */
    public Compiler(Schema tables, FunctionCatalog functions, Workspace workspace) {
        CalciteSchema root = CalciteSchema.createRootSchema(false, false);
        root.add("vitrine", tables);
        root.add("workspace", new WorkspaceSchema(workspace, (query, types) -> types.copyType(rowType(query))));
        this.catalog = new Catalog(root, SqlOperatorTables.chain(Dialect.OPERATORS, FunctionOperators.of(functions)));
        this.changes = new Changes(this, workspace);
    }

    /** What names in SQL mean, as generated code asks for it. */
    public SchemaPlus schema() {
        return catalog.root().plus();
    }

    /** Makes the types of tables' columns. */
    public JavaTypeFactory types() {
        return Dialect.types();
    }

    Catalog catalog() {
        return catalog;
    }

    /**
     * Compiles one statement, which may end in semicolons. What is wrong with it comes out as Calcite's exceptions, with line and column, or as {@code INVALID_SQL}.
     *
     * @param writable whether the workspace may be changed; where not, {@code FORBIDDEN}
     */
    public CompiledStatement compile(String sql, boolean writable) {
        String statement = SqlText.statement(sql);
        if (statement.isEmpty()) {
            throw new VitrineException(ErrorCode.INVALID_SQL, "the statement is empty; expected SQL");
        }
        Mistakes mistakes = new Mistakes(statement, catalog);
        try {
            return compile(statement, writable, mistakes);
        } catch (SqlParseException e) {
            throw mistakes.syntax(e);
        } catch (CalciteContextException e) {
            throw mistakes.explained(e);
        } catch (AssertionError e) {
            // What Calcite throws where it finds its own plan wrong, whether assertions are enabled or not.
            throw new VitrineException(
                    ErrorCode.INVALID_SQL,
                    "the statement cannot be planned: " + e.getMessage()
                            + "; expected it without parts that never change, such as CASE WHEN 1 = 2",
                    e);
        }
    }

    private CompiledStatement compile(String statement, boolean writable, Mistakes mistakes) throws SqlParseException {
        String keyword = SqlText.keyword(statement);
        if (keyword.equals("CREATE") || keyword.equals("DROP")) {
            requireWritable(writable, keyword);
            return changes.definition(statement);
        }
        if (!STATEMENTS.contains(keyword)) {
            throw mistakes.beginning(STATEMENTS, OTHERS);
        }
        SqlNode parsed = Planning.parse(statement);
        SqlKind kind = parsed.getKind();
        if (kind.belongsTo(SqlKind.QUERY)) {
            return query(parsed);
        }
        if (kind == SqlKind.EXPLAIN) {
            return explain((SqlExplain) parsed);
        }
        if (kind == SqlKind.INSERT || kind == SqlKind.UPDATE || kind == SqlKind.DELETE) {
            requireWritable(writable, keyword);
            return changes.of(parsed);
        }
        throw mistakes.beginning(STATEMENTS, Set.of(keyword));
    }

    private static void requireWritable(boolean writable, String keyword) {
        if (!writable) {
            throw new VitrineException(
                    ErrorCode.FORBIDDEN,
                    keyword.toUpperCase(Locale.ROOT) + " is not possible: this connection only reads");
        }
    }

    /** A statement that has to be a query; {@code INVALID_SQL} where it is none. */
    CompiledQuery query(SqlNode parsed) {
        if (!parsed.getKind().belongsTo(SqlKind.QUERY)) {
            throw new VitrineException(ErrorCode.INVALID_SQL, "found " + parsed.getKind() + "; expected a query");
        }
        Planning planning = new Planning(catalog);
        RelRoot root = planning.convert(parsed);
        return compile(planning, root);
    }

    static CompiledQuery compile(Planning planning, RelRoot root) {
        return CompiledQuery.of(planning.optimize(root), root.validatedRowType, planning);
    }

    private CompiledQuery explain(SqlExplain explain) {
        if (!explain.getExplicandum().getKind().belongsTo(SqlKind.QUERY)) {
            throw new VitrineException(ErrorCode.INVALID_SQL, "only a query can be explained");
        }
        Planning planning = new Planning(catalog);
        RelRoot root = planning.convert(explain.getExplicandum());
        EnumerableRel plan = planning.optimize(root);
        String text = RelOptUtil.dumpPlan("", plan, SqlExplainFormat.TEXT, SqlExplainLevel.EXPPLAN_ATTRIBUTES);
        return CompiledQuery.ofText("PLAN", text, planning.types());
    }

    /** The columns of a query that was written before. */
    RelDataType rowType(String query) {
        try {
            return new Planning(catalog).rowType(Planning.parse(query));
        } catch (SqlParseException e) {
            throw new VitrineException(
                    ErrorCode.INVALID_SQL, "the query of a view does not parse: " + e.getMessage(), e);
        }
    }
}
