package dev.vitrine.sql.tensor.code;

import java.util.ArrayList;
import java.util.List;

/** Writes the innermost loop: the last axis, the joined tables below it, the conditions there, and the sink. */
final class RowWriter {
    private final NestWriter writer;
    private final Sink sink;
    private final List<NestWriter.Conjunct> conjuncts;

    RowWriter(NestWriter writer, Sink sink, List<NestWriter.Conjunct> conjuncts) {
        this.writer = writer;
        this.sink = sink;
        this.conjuncts = conjuncts;
    }

    String write() {
        int axis = writer.nest().lastAxis();
        int lanes = writer.levels.last() < writer.levels.count() - 1 ? 1 : sink.lanes(writer);
        StringBuilder before = new StringBuilder();
        sink.beforeRow(writer, before);
        StringBuilder text = new StringBuilder();
        if (sink.walksCells()) {
            loop(axis, lanes, text);
        }
        StringBuilder after = new StringBuilder();
        sink.afterRow(writer, after);
        String all = before.toString() + text + after;
        return writer.locals(all, "a" + axis) + all;
    }

    private void loop(int axis, int lanes, StringBuilder text) {
        List<String> bodies = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            bodies.add(body(lane));
        }
        text.append(sink.insteadOfLoop());
        boolean instead = !text.isEmpty();
        String lo = "lo" + axis;
        String hi = "hi" + axis;
        text.append("int k = ").append(lo).append(";\n");
        if (lanes > 1) {
            text.append("for (; k < " + hi + " - " + (lanes - 1) + "; k += " + lanes + ") {\n");
            for (int lane = 0; lane < lanes; lane++) {
                text.append("{\nfinal int a" + axis + " = k + " + lane + ";\n" + bodies.get(lane) + "}\n");
            }
            text.append("}\n");
        }
        text.append("for (; k < " + hi + "; k++) {\nfinal int a" + axis + " = k;\n" + bodies.get(0) + "}\n");
        text.append(instead ? "}\n" : "");
    }

    private String body(int lane) {
        int last = writer.levels.last();
        StringBuilder closing = new StringBuilder();
        List<Block> blocks = new ArrayList<>();
        List<String> opens = new ArrayList<>();
        for (int level = last; level < writer.levels.count(); level++) {
            Block block = new Block(writer.block(level - 1), level);
            writer.replaceBlock(level, block);
            blocks.add(block);
            opens.add(level == last ? "" : writer.openJoin(level));
            closing.append(level == last ? "" : "}\n");
            for (NestWriter.Conjunct conjunct : conjuncts) {
                if (conjunct.level() == level) {
                    Value value = writer.java.value(conjunct.rex(), block);
                    block.add("if (" + value.text() + ") {");
                    closing.append("}\n");
                }
            }
        }
        sink.body(writer, blocks.get(blocks.size() - 1), lane);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < blocks.size(); i++) {
            text.append(opens.get(i)).append(blocks.get(i).text);
        }
        return text.append(closing).toString();
    }
}
