package dev.vitrine.engine.store;

import java.util.Map;

/**
 * A prompt of a run.
 *
 * @param prompt its index in the run, from 0
 * @param text the text that was given
 * @param tokens tokens in it, those that the tokenizer adds included
 * @param labels what the prompt file said of it beside the text, by name, in the file's order
 */
public record PromptRow(int prompt, String text, int tokens, Map<String, String> labels) {}
