package dev.vitrine.sql.workspace;

import dev.vitrine.sql.workspace.WorkspaceContents.View;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.TranslatableTable;
import org.apache.calcite.schema.impl.AbstractTable;

/** A saved query, planned afresh at each use, so that it sees the tables as they are then. */
final class WorkspaceView extends AbstractTable implements TranslatableTable {
    private final View view;
    private final WorkspaceSchema.RowTypes rowTypes;

    WorkspaceView(View view, WorkspaceSchema.RowTypes rowTypes) {
        this.view = view;
        this.rowTypes = rowTypes;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
        return rowTypes.of(view.query(), factory);
    }

    @Override
    public Schema.TableType getJdbcTableType() {
        return Schema.TableType.VIEW;
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context, RelOptTable table) {
        return context.expandView(
                        table.getRowType(), view.query(), List.of("vitrine"), List.of("workspace", view.name()))
                .rel;
    }
}
