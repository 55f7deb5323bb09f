package dev.vitrine.examples.readme;

import java.util.ArrayList;
import java.util.List;

/**
 * A fenced block of the README and the output shown under it.
 *
 * @param language {@code sh} or {@code java}
 * @param code what the block holds
 * @param output the {@code text} block that follows before any other, or empty where the README shows none
 * @param line line of the README where the code begins, from 1
 */
record CodeBlock(String language, String code, String output, int line) {
    private static final String FENCE = "```";

    /** The runnable blocks of a Markdown text, in order. */
    static List<CodeBlock> parse(String markdown) {
        List<CodeBlock> fences = new ArrayList<>();
        String[] lines = markdown.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (!lines[i].startsWith(FENCE)) {
                continue;
            }
            int start = i + 1;
            StringBuilder body = new StringBuilder();
            for (i = start; !lines[i].startsWith(FENCE); i++) {
                body.append(lines[i]).append('\n');
            }
            fences.add(new CodeBlock(lines[start - 1].substring(FENCE.length()), body.toString(), "", start + 1));
        }
        List<CodeBlock> blocks = new ArrayList<>();
        for (int i = 0; i < fences.size(); i++) {
            CodeBlock block = fences.get(i);
            if (block.language.equals("sh") || block.language.equals("java")) {
                boolean shown =
                        i + 1 < fences.size() && fences.get(i + 1).language.equals("text");
                blocks.add(new CodeBlock(block.language, block.code, shown ? fences.get(i + 1).code : "", block.line));
            }
        }
        return blocks;
    }
}
