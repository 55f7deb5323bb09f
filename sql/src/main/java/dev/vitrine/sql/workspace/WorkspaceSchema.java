package dev.vitrine.sql.workspace;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.apache.calcite.schema.lookup.Lookup;
import org.apache.calcite.schema.lookup.Named;
import org.jspecify.annotations.Nullable;

/** The schema {@code workspace}: what the workspace holds when a statement is planned. */
public final class WorkspaceSchema extends AbstractSchema {
    /** What a table's name ends in where its row numbers are wanted too; not listed, because only UPDATE and DELETE want them. */
    public static final String ROW_IDS = "$rows";

    private final Workspace workspace;
    private final RowTypes rowTypes;
    private WorkspaceContents known = WorkspaceContents.EMPTY;
    private Map<String, Table> tables = Map.of();

    /** A schema over that workspace. */
    public WorkspaceSchema(Workspace workspace, RowTypes rowTypes) {
        this.workspace = workspace;
        this.rowTypes = rowTypes;
    }

    /** Says what rows a view's query gives. */
    public interface RowTypes {
        RelDataType of(String query, RelDataTypeFactory factory);
    }

    @Override
    public boolean isMutable() {
        return false;
    }

    @Override
    public Lookup<Table> tables() {
        return new Lookup<>() {
            @Override
            public @Nullable Table get(String name) {
                return table(name);
            }

            @Override
            public @Nullable Named<Table> getIgnoreCase(String name) {
                Table table = table(name);
                return table == null ? null : new Named<>(name, table);
            }

            @Override
            public Set<String> getNames(LikePattern pattern) {
                return current().keySet().stream()
                        .filter(name -> pattern.matcher().apply(name))
                        .collect(Collectors.toSet());
            }
        };
    }

    private @Nullable Table table(String name) {
        Map<String, Table> now = current();
        if (!name.toLowerCase(Locale.ROOT).endsWith(ROW_IDS)) {
            return now.get(name);
        }
        String plain = name.substring(0, name.length() - ROW_IDS.length());
        return workspace.contents().tables().stream()
                .filter(table -> table.name().equalsIgnoreCase(plain))
                .findFirst()
                .map(table -> new WorkspaceTable(workspace, table, true))
                .orElse(null);
    }

    private synchronized Map<String, Table> current() {
        WorkspaceContents contents = workspace.contents();
        if (!contents.equals(known)) {
            Map<String, Table> now = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            contents.tables().forEach(table -> now.put(table.name(), new WorkspaceTable(workspace, table, false)));
            contents.views().forEach(view -> now.put(view.name(), new WorkspaceView(view, rowTypes)));
            tables = now;
            known = contents;
        }
        return tables;
    }
}
