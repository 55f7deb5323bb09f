package dev.vitrine.sql.tensor.code;

import java.util.HashMap;
import java.util.Map;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/** Statements at one place of the nest, and the expressions whose values they have computed. */
final class Block {
    final @Nullable Block parent;
    final int level;
    final StringBuilder text = new StringBuilder();
    private final Map<RexNode, Value> known = new HashMap<>();

    Block(@Nullable Block parent, int level) {
        this.parent = parent;
        this.level = level;
    }

    /** A block inside this one, at the same level: what it computes is known in it alone. */
    Block inner() {
        return new Block(this, level);
    }

    void remember(RexNode rex, Value value) {
        known.put(rex, value);
    }

    @Nullable
    Value find(RexNode rex) {
        for (Block block = this; block != null; block = block.parent) {
            Value value = block.known.get(rex);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    Block add(String statement) {
        text.append(statement).append('\n');
        return this;
    }
}
