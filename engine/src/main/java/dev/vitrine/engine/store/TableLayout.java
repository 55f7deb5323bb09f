package dev.vitrine.engine.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Every file of a run and its Arrow schema. All indices are int32 from 0 and no column has nulls. Rows are sorted by the index
 * columns from left to right, hidden states by site in the order of computation.
 *
 * <p>These files are of a model's only stack of layers. A model of several has room beside them: the files of each stack under its
 * name ({@code encoder.attention.arrow}, {@code cross.keys.arrow}), with the same schemas, where cross attention's keys are positions
 * of the encoder; {@code stacks} among the manifest's required features, so that a reader which would take one stack for the whole
 * refuses the run; and in SQL a last column {@code stack} (encoder, decoder, cross), which says of all earlier runs what {@code
 * models.kind} says. No file written so far has to change for that.
 */
enum TableLayout {
    PROMPTS,
    PROMPT_LABELS,
    TOKENS,
    VOCABULARY,
    /** One list per query: the weights of the keys that it may see, from key 0 on, and what {@link Statistic} knows of them. */
    ATTENTION,
    /** {@link Statistic} of all weights of a head for a prompt. */
    ATTENTION_TILES,
    QUERIES,
    KEYS,
    VALUE_VECTORS,
    HIDDEN_STATES,
    NEURONS;

    /** The file's name in a run's folder. */
    String file() {
        return table() + ".arrow";
    }

    /** The table's name in SQL. */
    String table() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The schema of a table of prompts, tokens, words or tiles. */
    Schema schema() {
        return switch (this) {
            case PROMPTS -> schema(index("prompt"), text("text"), index("tokens"));
            case PROMPT_LABELS -> schema(index("prompt"), text("name"), text("label"));
            case TOKENS ->
                schema(
                        index("prompt"),
                        index("pos"),
                        index("token_id"),
                        text("token"),
                        field("is_special", ArrowType.Bool.INSTANCE));
            case VOCABULARY -> schema(index("token_id"), text("token"));
            case ATTENTION_TILES -> {
                List<Field> fields = new ArrayList<>(List.of(index("prompt"), index("layer"), index("head")));
                fields.addAll(statistics(true));
                yield new Schema(fields);
            }
            default -> throw new IllegalStateException(this + " holds vectors");
        };
    }

    /**
     * The schema of a table of vectors, [{@code width}] each; attention rows have no fixed width.
     *
     * @param statistics whether attention has every {@link Statistic}, or the largest weight alone as the first runs had
     */
    Schema schema(FloatType type, int width, boolean statistics) {
        Field item = field("item", new ArrowType.FloatingPoint(type.precision()));
        ArrowType fixed = new ArrowType.FixedSizeList(width);
        Field vector = new Field("vector", FieldType.notNullable(fixed), List.of(item));
        return switch (this) {
            case ATTENTION -> {
                List<Field> fields =
                        new ArrayList<>(List.of(index("prompt"), index("layer"), index("head"), index("query_pos")));
                fields.add(new Field("weights", FieldType.notNullable(ArrowType.List.INSTANCE), List.of(item)));
                fields.addAll(statistics(statistics));
                yield new Schema(fields);
            }
            case QUERIES -> schema(index("prompt"), index("layer"), index("head"), index("pos"), vector);
            case KEYS, VALUE_VECTORS -> schema(index("prompt"), index("layer"), index("kv_head"), index("pos"), vector);
            case HIDDEN_STATES -> schema(index("prompt"), index("layer"), text("site"), index("pos"), vector);
            case NEURONS -> schema(index("prompt"), index("layer"), index("pos"), vector);
            default -> throw new IllegalStateException(this + " holds no vectors");
        };
    }

    private static List<Field> statistics(boolean all) {
        return Arrays.stream(Statistic.values())
                .filter(statistic -> all || statistic == Statistic.MAX)
                .map(Statistic::field)
                .toList();
    }

    private static Schema schema(Field... fields) {
        return new Schema(List.of(fields));
    }

    private static Field index(String name) {
        return field(name, new ArrowType.Int(32, true));
    }

    private static Field text(String name) {
        return field(name, ArrowType.Utf8.INSTANCE);
    }

    private static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.notNullable(type), List.of());
    }
}
