package dev.vitrine.server.cli;

import dev.vitrine.udfs.FunctionDescription;

/** All about one function, for a person. */
final class FunctionText {
    private FunctionText() {}

    static String of(FunctionDescription function) {
        StringBuilder text = new StringBuilder();
        text.append(function.signature()).append('\n');
        text.append("  ").append(function.summary()).append('\n');
        for (FunctionDescription.Field argument : function.arguments()) {
            text.append("    ")
                    .append(argument.name())
                    .append(": ")
                    .append(argument.meaning())
                    .append('\n');
        }
        text.append("  Source: ").append(function.source()).append('\n');
        text.append("  Example: ").append(function.example()).append('\n');
        return text.toString();
    }
}
