package dev.vitrine.sql.tensor.code;

import static java.util.Objects.requireNonNull;

import dev.vitrine.sql.tensor.AxisKind;
import dev.vitrine.sql.tensor.Nest;
import dev.vitrine.sql.tensor.Pipeline;
import dev.vitrine.udfs.FunctionDescription;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.jspecify.annotations.Nullable;

/**
 * Writes the loops of a pipeline as the source of a {@link dev.vitrine.sql.tensor.run.LoopNest}. All axes but the last are loops of
 * {@code box()}; the last is the one loop of {@code row()}, small enough to be compiled well.
 */
final class NestWriter implements RexToJava.Scope {
    private static final String PACKAGE = "dev.vitrine.sql.tensor";
    private static final Pattern FIELD = Pattern.compile("\\b[a-z]+[0-9]+(_[0-9]+)?\\b");

    private static final Map<String, String> FIRST =
            Map.of("float[]", " = new float[0]", "double[]", " = new double[0]");

    final Pipeline pipeline;
    final Levels levels;
    final RexToJava java;
    final Constants constants = new Constants();
    private final Operands operands;
    private final StoredStatistics statistics;
    private final Columns columns;
    private final PairFunctions pairs = new PairFunctions(this);
    private final RowFunctions rows;
    private final Sink sink;
    private final List<Block> blocks = new ArrayList<>();
    private final List<StringBuilder> tails = new ArrayList<>();
    private final Map<String, String> fields = new LinkedHashMap<>();
    private final Map<Integer, String> opens = new HashMap<>();
    private final StringBuilder constructor = new StringBuilder();

    NestWriter(Pipeline pipeline, Sink sink, RexBuilder rexBuilder) {
        this.pipeline = pipeline;
        this.sink = sink;
        this.levels = new Levels(
                pipeline.nest(),
                pipeline.joins().stream().map(Pipeline.DimensionJoin::keys).toList());
        this.java = new RexToJava(rexBuilder, constants, this);
        this.operands = new Operands(this);
        this.statistics = new StoredStatistics(this, operands);
        this.columns = new Columns(this, operands);
        this.rows = new RowFunctions(this, operands);
        for (int level = 0; level < levels.count(); level++) {
            blocks.add(new Block(level == 0 ? null : blocks.get(level - 1), level));
            tails.add(new StringBuilder());
        }
    }

    Nest nest() {
        return pipeline.nest();
    }

    @Override
    public Value column(int index, RexNode ref) {
        return columns.value(index, ref);
    }

    @Override
    public @Nullable Value pair(FunctionDescription function, List<RexNode> arguments, Block block) {
        return pairs.value(function, arguments, block);
    }

    @Override
    public @Nullable Value logarithm(RexNode argument) {
        return rows.logarithm(argument);
    }

    Operands operands() {
        return operands;
    }

    StoredStatistics statistics() {
        return statistics;
    }

    /** The array of the numbers that a function of pairs has along the innermost axis; null where the expression is none. */
    @Nullable
    String pairRow(RexNode rex) {
        return pairs.row(rex);
    }

    /** Makes the reader of an operand's vectors. */
    void vectors(int operand) {
        operands.vector(operand);
    }

    RexNode reference(int column) {
        return new RexInputRef(
                column, pipeline.rowType().getFieldList().get(column).getType());
    }

    @Override
    public int level(RexNode rex) {
        return levels.of(rex);
    }

    @Override
    public Block block(int level) {
        Block detached = columns.detached();
        return detached != null ? detached : blocks.get(level);
    }

    @Override
    public boolean fields(int level) {
        return level < levels.last();
    }

    @Override
    public void field(String type, String name) {
        fields.put(name, type);
    }

    /** Statements at the end of a level, after all that its conditions need. */
    StringBuilder tail(int level) {
        return tails.get(level);
    }

    StringBuilder constructor() {
        return constructor;
    }

    /** The source of class {@code Generated}. */
    String write() {
        StringBuilder box = new StringBuilder();
        sink.open(this, box);
        for (int level = 0; level < levels.last(); level++) {
            openNext(level);
        }
        for (int level = 1; level < levels.last(); level++) {
            if (levels.get(level).dimension() >= 0) {
                opens.put(level, openJoin(level));
            }
        }
        operands.narrowLines();
        List<Conjunct> residual = new ArrayList<>();
        for (RexNode filter : pipeline.filters()) {
            Bound bound = Bound.of(filter, nest(), levels);
            if (bound == null) {
                residual.add(new Conjunct(filter, levels.of(filter), operands.reads(filter)));
            } else {
                bound.write(this);
                operands.narrowed(bound);
            }
        }
        new RowStatistics(this).use();
        residual.sort(Comparator.comparing(Conjunct::level).thenComparing(Conjunct::reads));
        for (Conjunct conjunct : residual) {
            if (conjunct.level < levels.last()) {
                Block block = blocks.get(conjunct.level);
                Value value = java.value(conjunct.rex, block);
                block.add("if (!" + value.text() + ") " + (conjunct.level == 0 ? "return;" : "continue;"));
            }
        }
        String row = new RowWriter(this, sink, residual).write();
        box.append(loops());
        return assemble(box.toString(), row, accepts(residual));
    }

    /** A condition that is no bound of a loop. */
    record Conjunct(RexNode rex, int level, boolean reads) {}

    /** What the loop over the next level's axis starts from. */
    private void openNext(int level) {
        int axis = levels.get(level + 1).axis();
        if (axis < 0) {
            return;
        }
        field("int", "lo" + axis);
        field("int", "hi" + axis);
        Block block = blocks.get(level);
        block.add("lo" + axis + " = box.lo[" + axis + "];");
        block.add("hi" + axis + " = Math.min(box.hi[" + axis + "], " + extent(axis) + ");");
    }

    private String extent(int axis) {
        return switch (nest().axes().get(axis)) {
            case RUN, PROMPT -> "Integer.MAX_VALUE";
            case LAYER -> "run.layers()";
            case HEAD -> "run.heads()";
            case SITE -> "Sites.count()";
            case NEURON -> "run.width(Tensor.NEURONS)";
            case POSITION -> operands.positions(axis);
        };
    }

    /** The loops above {@code row()}. */
    private String loops() {
        StringBuilder text = new StringBuilder(blocks.get(0).text);
        text.append(tails.get(0));
        StringBuilder closing = new StringBuilder();
        for (int level = 1; level < levels.last(); level++) {
            Levels.Level loop = levels.get(level);
            text.append(loop.axis() >= 0 ? axisLoop(loop.axis()) : requireNonNull(opens.get(level)));
            text.append(blocks.get(level).text).append(tails.get(level));
            closing.append("}\n");
        }
        return text.append("row();\n").append(closing).toString();
    }

    private String axisLoop(int axis) {
        field("int", "a" + axis);
        String a = "a" + axis;
        String loop = "for (" + a + " = lo" + axis + "; " + a + " < hi" + axis + "; " + a + "++) {\n";
        return loop + operands.enter(axis);
    }

    private String accepts(List<Conjunct> residual) {
        StringBuilder text = new StringBuilder();
        int runLevel = levels.ofAxis(0);
        for (Conjunct conjunct : residual) {
            if (conjunct.level == runLevel && operands.namesOnlyRun(conjunct.rex)) {
                Block block = new Block(null, runLevel);
                columns.forget(block);
                Value value = java.value(conjunct.rex, block);
                text.append(block.text).append("if (!" + value.text() + ") return false;\n");
            }
        }
        return text.toString();
    }

    /** Copies of the fields that a method reads, so that the JIT need not ask whether they change. */
    String locals(String body, String declaredInside) {
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = FIELD.matcher(body);
        while (matcher.find()) {
            names.add(matcher.group());
        }
        StringBuilder text = new StringBuilder();
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.putAll(constants.fields());
        all.forEach((name, type) -> {
            if (names.contains(name) && !name.equals(declaredInside)) {
                text.append("final ").append(type).append(" ").append(name);
                text.append(" = this.").append(name).append(";\n");
            }
        });
        return text.toString();
    }

    private String assemble(String box, String row, String accepts) {
        StringBuilder source = new StringBuilder();
        source.append("import dev.vitrine.engine.store.Statistic;\n");
        source.append("import ").append(PACKAGE).append(".Tensor;\n");
        source.append("import ").append(PACKAGE).append(".run.*;\n");
        source.append("public final class Generated extends LoopNest {\n");
        source.append("private Box box;\nprivate RunTensors run;\n");
        constants.fields().forEach((name, type) -> source.append("private final " + type + " " + name + ";\n"));
        fields.forEach((name, type) ->
                source.append("private " + type + " " + name).append(FIRST.getOrDefault(type, "") + ";\n"));
        source.append("public Generated(Execution execution) {\nsuper(execution);\n");
        source.append(constants.reads()).append(constructor).append("}\n");
        source.append("public boolean accepts(int run0) {\na0 = run0;\n")
                .append(accepts)
                .append("return true;\n}\n");
        source.append("public void box(Box box, Object sink) {\nthis.box = box;\n")
                .append(box)
                .append("}\n");
        source.append("private void row() {\ncheck();\n").append(row).append("}\n}\n");
        return source.toString();
    }

    /** Opens the loop over a joined table's rows at that level; its keys are computed in the block around it as that stands now. */
    String openJoin(int level) {
        return columns.open(levels.get(level).dimension(), level < levels.last());
    }

    /** See {@link Columns#code}. */
    String code(Nest.DimensionColumn column) {
        return columns.code(column);
    }

    /** A function's argument in the type of its parameter. */
    Value argument(Value value, Class<?> parameter) {
        return java.argument(value, parameter);
    }

    AxisKind axisKind(int axis) {
        return nest().axes().get(axis);
    }

    void replaceBlock(int level, Block block) {
        blocks.set(level, block);
    }
}
