package dev.vitrine.engine.extract;

import dev.vitrine.engine.model.TokenizedPrompt;
import java.util.Map;

/**
 * A prompt, ready for the model.
 *
 * @param text what was given, or what the tokens stand for
 * @param tokens its tokens
 * @param labels what is known of it beside the text, by name
 * @param place where it comes from, for messages: file and line, or its number
 */
public record Prompt(String text, TokenizedPrompt tokens, Map<String, String> labels, String place) {}
