package dev.vitrine.sql.workspace;

import dev.vitrine.sql.query.Query;
import dev.vitrine.sql.workspace.WorkspaceContents.Column;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.ScannableTable;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** A table of the workspace, read whole; columns of types that Vitrine does not write are left out. */
final class WorkspaceTable extends AbstractTable implements ScannableTable {
    private static final ColumnType ROW_ID = new ColumnType(SqlTypeName.BIGINT, -1, 0, false);

    private final Workspace workspace;
    private final String name;
    private final long rows;
    private final List<Column> columns;
    private final List<ColumnType> types;
    private final boolean withRowId;

    /**
     * @param withRowId adds H2's row number as last column, for UPDATE and DELETE to find their rows again
     */
    WorkspaceTable(Workspace workspace, WorkspaceContents.Table table, boolean withRowId) {
        this.workspace = workspace;
        this.name = table.name();
        this.rows = table.rows();
        this.columns = table.columns().stream()
                .filter(column -> ColumnType.ofH2(column.type()) != null)
                .toList();
        this.types = columns.stream()
                .map(column -> Objects.requireNonNull(ColumnType.ofH2(column.type())))
                .toList();
        this.withRowId = withRowId;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        RelDataTypeFactory.Builder row = factory.builder();
        for (int i = 0; i < columns.size(); i++) {
            // A length would have Calcite cut a longer text on its way in, where H2 refuses it.
            row.add(
                    columns.get(i).name(),
                    types.get(i).unlimited().rel(columns.get(i).nullable(), factory));
        }
        if (withRowId) {
            row.add("_rowid_", ROW_ID.rel(false, factory));
        }
        return row.build();
    }

    @Override
    public Statistic getStatistic() {
        return Statistics.of((double) rows, List.of());
    }

    @Override
    public Enumerable<@Nullable Object[]> scan(DataContext root) {
        Query query = Query.of(root);
        String sql = "SELECT "
                + columns.stream()
                        .map(column -> TableDefinition.quoted(column.name()))
                        .collect(Collectors.joining(", "))
                + (withRowId ? (columns.isEmpty() ? "" : ", ") + "_ROWID_" : "")
                + " FROM " + TableDefinition.quoted(name);
        List<ColumnType> read =
                withRowId ? Stream.concat(types.stream(), Stream.of(ROW_ID)).toList() : types;
        return new AbstractEnumerable<>() {
            @Override
            public Enumerator<@Nullable Object[]> enumerator() {
                return new H2Rows(
                        query, query.once(WorkspaceSession.class, () -> new WorkspaceSession(workspace)), sql, read);
            }
        };
    }
}
