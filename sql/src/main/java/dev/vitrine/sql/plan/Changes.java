package dev.vitrine.sql.plan;

import com.google.common.collect.Iterators;
import dev.vitrine.engine.ErrorCode;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.workspace.ColumnType;
import dev.vitrine.sql.workspace.TableDefinition;
import dev.vitrine.sql.workspace.Workspace;
import dev.vitrine.sql.workspace.WorkspaceContents;
import dev.vitrine.sql.workspace.WorkspaceSchema;
import dev.vitrine.sql.workspace.WorkspaceWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.jspecify.annotations.Nullable;

/**
 * Statements that change the workspace. The rows to add, change or remove come from a query that Vitrine itself plans and runs, so that
 * it may read everything and call every function, and H2 sees nothing but values.
 */
final class Changes {
    private final Compiler compiler;
    private final Workspace workspace;
    private final WorkspaceWriter writer;

    Changes(Compiler compiler, Workspace workspace) {
        this.compiler = compiler;
        this.workspace = workspace;
        this.writer = new WorkspaceWriter(workspace);
    }

    CompiledStatement definition(String sql) throws SqlParseException {
        Definition definition = new DefinitionParser(sql, this::type).parse();
        if (definition instanceof Definition.CreateTable create) {
            return createTable(create);
        }
        if (definition instanceof Definition.CreateView create) {
            CompiledQuery saved = compiler.query(Planning.parse(create.query()));
            if (saved.parameters().getFieldCount() > 0) {
                throw new VitrineException(
                        ErrorCode.INVALID_SQL,
                        "view workspace." + create.name() + " has a parameter; expected a query without");
            }
            return new CompiledChange(null, query -> {
                if (!create.ifNotExists() || !there(create.name())) {
                    writer.createView(create.name(), create.query().strip());
                }
                return 0;
            });
        }
        Definition.Drop drop = (Definition.Drop) definition;
        return new CompiledChange(null, query -> {
            if (drop.ifExists() && !there(drop.name())) {
                return 0;
            }
            if (drop.view()) {
                writer.dropView(drop.name());
            } else {
                writer.dropTable(drop.name());
            }
            return 0;
        });
    }

    private boolean there(String name) {
        WorkspaceContents contents = workspace.contents();
        return contents.tables().stream().anyMatch(table -> table.name().equalsIgnoreCase(name))
                || contents.views().stream().anyMatch(view -> view.name().equalsIgnoreCase(name));
    }

    /** The type that stands in a CREATE TABLE: what a NULL of it would be. */
    private ColumnType type(String column, String sql) {
        try {
            String cast = "CAST(NULL AS ";
            String padded = sql.length() - sql.stripLeading().length() >= cast.length()
                    ? sql.substring(cast.length())
                    : sql.stripLeading();
            SqlNode expression =
                    SqlParser.create(cast + padded + ")", Dialect.PARSER).parseExpression();
            return ColumnType.of(column, new Planning(compiler.catalog()).expressionType(expression));
        } catch (SqlParseException e) {
            throw new VitrineException(
                    ErrorCode.INVALID_SQL, "column " + column + ": '" + sql.strip() + "' is not a type", e);
        }
    }

    private CompiledStatement createTable(Definition.CreateTable create) throws SqlParseException {
        if (create.query() == null) {
            TableDefinition table = definition(create, null);
            return new CompiledChange(null, query -> {
                if (!create.ifNotExists() || !there(create.name())) {
                    writer.createTable(table);
                }
                return 0;
            });
        }
        CompiledQuery source = compiler.query(Planning.parse(create.query()));
        TableDefinition table = definition(create, source.rowType());
        return new CompiledChange(
                source,
                query -> create.ifNotExists() && there(create.name())
                        ? 0
                        : writer.createTable(table, rows(source, query)));
    }

    private static TableDefinition definition(Definition.CreateTable create, @Nullable RelDataType given) {
        List<TableDefinition.Column> columns = new ArrayList<>();
        int count = given == null ? create.columns().size() : given.getFieldCount();
        if (!create.columns().isEmpty() && create.columns().size() != count) {
            throw new VitrineException(
                    ErrorCode.INVALID_SQL,
                    "table workspace." + create.name() + " lists "
                            + create.columns().size() + " columns, but its query gives " + count);
        }
        for (int i = 0; i < count; i++) {
            Definition.Column written =
                    create.columns().isEmpty() ? null : create.columns().get(i);
            RelDataTypeField field = given == null ? null : given.getFieldList().get(i);
            String name = written != null ? written.name() : field == null ? "" : field.getName();
            ColumnType type = written == null ? null : written.type();
            if (type == null) {
                if (field == null) {
                    throw new VitrineException(ErrorCode.INVALID_SQL, "column " + name + " has no type; expected one");
                }
                type = ColumnType.of(name, field.getType()).unlimited();
            }
            columns.add(new TableDefinition.Column(
                    name,
                    type,
                    written == null || written.nullable(),
                    written == null ? null : written.defaultValue()));
        }
        return new TableDefinition(create.name(), columns, create.primaryKey(), create.unique());
    }

    CompiledStatement of(SqlNode change) {
        return switch (change.getKind()) {
            case INSERT -> insert((SqlInsert) change);
            case UPDATE -> update((SqlUpdate) change);
            default -> delete((SqlDelete) change);
        };
    }

    private CompiledStatement insert(SqlInsert insert) {
        if (insert.isUpsert()) {
            throw new VitrineException(ErrorCode.FORBIDDEN, "UPSERT is not possible; expected INSERT");
        }
        String table = target(insert.getTargetTable());
        Planning planning = new Planning(compiler.catalog());
        TableModify modify = (TableModify) planning.convert(insert).rel;
        List<String> all = modify.getTable().getRowType().getFieldNames();
        SqlNodeList named = insert.getTargetColumnList();
        List<Integer> given = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            String column = all.get(i);
            if (named == null
                    || named.stream()
                            .anyMatch(name -> ((SqlIdentifier) name).getSimple().equalsIgnoreCase(column))) {
                given.add(i);
            }
        }
        CompiledQuery source = project(planning, modify.getInput(), given);
        List<String> columns = given.stream().map(all::get).toList();
        return new CompiledChange(source, query -> writer.insert(table, columns, rows(source, query)));
    }

    private CompiledStatement update(SqlUpdate update) {
        String table = target(update.getTargetTable());
        update.setOperand(0, withRowIds(update.getTargetTable()));
        if (update.getAlias() == null) {
            update.setAlias(new SqlIdentifier(table, update.getTargetTable().getParserPosition()));
        }
        Planning planning = new Planning(compiler.catalog());
        TableModify modify = (TableModify) planning.convert(update).rel;
        int width = modify.getTable().getRowType().getFieldCount();
        List<String> columns = Objects.requireNonNull(modify.getUpdateColumnList());
        List<Integer> fields = new ArrayList<>(List.of(width - 1));
        for (int i = 0; i < columns.size(); i++) {
            fields.add(width + i);
        }
        CompiledQuery source = project(planning, modify.getInput(), fields);
        return new CompiledChange(source, query -> writer.update(table, columns, rows(source, query)));
    }

    private CompiledStatement delete(SqlDelete delete) {
        String table = target(delete.getTargetTable());
        delete.setOperand(0, withRowIds(delete.getTargetTable()));
        Planning planning = new Planning(compiler.catalog());
        TableModify modify = (TableModify) planning.convert(delete).rel;
        int rowId = modify.getTable().getRowType().getFieldCount() - 1;
        CompiledQuery source = project(planning, modify.getInput(), List.of(rowId));
        return new CompiledChange(source, query -> writer.delete(table, rows(source, query)));
    }

    private static CompiledQuery project(Planning planning, RelNode rows, List<Integer> fields) {
        RexBuilder builder = rows.getCluster().getRexBuilder();
        List<RexNode> columns = fields.stream()
                .map(field -> (RexNode) builder.makeInputRef(rows, field))
                .toList();
        List<String> names = fields.stream()
                .map(field -> rows.getRowType().getFieldNames().get(field))
                .toList();
        RelNode projected = LogicalProject.create(rows, List.of(), columns, names, Set.of());
        return Compiler.compile(planning, RelRoot.of(projected, SqlKind.SELECT));
    }

    /** The rows of a source, as arrays also where there is one column. */
    private static Iterator<@Nullable Object[]> rows(CompiledQuery source, Query query) {
        Iterator<@Nullable Object> rows = Linq4j.enumeratorIterator(source.rows(query));
        boolean single = source.rowType().getFieldCount() == 1;
        return Iterators.transform(
                rows, row -> single ? new Object[] {row} : (@Nullable Object[]) Objects.requireNonNull(row));
    }

    /** The table's name in the workspace; {@code FORBIDDEN} where the target is elsewhere. */
    private static String target(SqlNode table) {
        if (table instanceof SqlIdentifier name) {
            if (name.names.size() == 2 && name.names.get(0).equalsIgnoreCase("workspace")) {
                return name.names.get(1);
            }
            throw new VitrineException(
                    ErrorCode.FORBIDDEN,
                    "table " + name + " cannot be changed; expected one of schema workspace, as workspace."
                            + name.names.get(name.names.size() - 1));
        }
        throw new VitrineException(
                ErrorCode.FORBIDDEN, table + " cannot be changed; expected a table of schema workspace");
    }

    private static SqlIdentifier withRowIds(SqlNode table) {
        SqlIdentifier name = (SqlIdentifier) table;
        return new SqlIdentifier(
                List.of("workspace", name.names.get(1) + WorkspaceSchema.ROW_IDS), name.getParserPosition());
    }
}
