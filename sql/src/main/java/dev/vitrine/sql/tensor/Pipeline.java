package dev.vitrine.sql.tensor;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;

/**
 * What is fused into one loop nest.
 *
 * @param nest the loops
 * @param rowType names and types of the nest's columns
 * @param joins small tables, in the order in which the nest numbers them
 * @param filters conjuncts over the nest's columns
 * @param projects what a row that passes gives, over the nest's columns
 * @param stage what becomes of the rows
 */
public record Pipeline(
        Nest nest,
        RelDataType rowType,
        List<DimensionJoin> joins,
        List<RexNode> filters,
        List<RexNode> projects,
        Stage stage) {

    /**
     * A small table joined by equality of keys.
     *
     * @param keys expressions over columns of the nest; a name (run, site) or an integer each
     * @param columns the table's column for each key
     * @param type INNER, LEFT, SEMI or ANTI
     * @param rowType of the table
     */
    public record DimensionJoin(List<RexNode> keys, List<Integer> columns, JoinRelType type, RelDataType rowType) {
        public DimensionJoin {
            keys = ImmutableList.copyOf(keys);
            columns = ImmutableList.copyOf(columns);
        }
    }

    /** What becomes of rows. */
    public sealed interface Stage {}

    /** They are the result. */
    public record AllRows() implements Stage {}

    /**
     * They are aggregated.
     *
     * @param keys ordinals of projects
     * @param calls over projects
     */
    public record Grouping(List<Integer> keys, List<AggregateCall> calls) implements Stage {
        public Grouping {
            keys = ImmutableList.copyOf(keys);
            calls = ImmutableList.copyOf(calls);
        }
    }

    /**
     * The first of them in sort order.
     *
     * @param collation over projects, not empty
     * @param offset rows left out
     * @param fetch rows given after those
     */
    public record Top(RelCollation collation, int offset, int fetch) implements Stage {}

    /**
     * The first of each group in sort order, each with its number there, from 1.
     *
     * @param keys ordinals of the projects that make groups
     * @param collation over projects, not empty
     * @param fetch most rows of a group
     * @param width how many projects, the first ones, are given before the number
     */
    public record TopOfGroups(List<Integer> keys, RelCollation collation, int fetch, int width) implements Stage {
        public TopOfGroups {
            keys = ImmutableList.copyOf(keys);
        }
    }

    public Pipeline {
        joins = ImmutableList.copyOf(joins);
        filters = ImmutableList.copyOf(filters);
        projects = ImmutableList.copyOf(projects);
    }

    /** Whether rows go through as they are, so that more can be absorbed. */
    public boolean open() {
        return stage instanceof AllRows;
    }

    /** What rows are grouped by; empty where there are no groups. */
    public List<RexNode> keys() {
        List<Integer> keys = stage instanceof Grouping grouping
                ? grouping.keys()
                : stage instanceof TopOfGroups top ? top.keys() : List.of();
        return keys.stream().<RexNode>map(projects::get).toList();
    }

    /** How many columns come out. */
    public int width() {
        return stage instanceof Grouping grouping
                ? grouping.keys().size() + grouping.calls().size()
                : stage instanceof TopOfGroups top ? top.width() + 1 : projects.size();
    }

    public Pipeline withFilters(List<RexNode> more) {
        List<RexNode> all =
                ImmutableList.<RexNode>builder().addAll(filters).addAll(more).build();
        return new Pipeline(nest, rowType, joins, all, projects, stage);
    }

    public Pipeline withProjects(List<RexNode> others) {
        return new Pipeline(nest, rowType, joins, filters, others, stage);
    }

    public Pipeline withStage(Stage other) {
        return new Pipeline(nest, rowType, joins, filters, projects, other);
    }
}
