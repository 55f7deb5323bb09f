/**
 * Prompts in, activations out. {@code model} reads Hugging Face folders and runs them, {@code store} is the Arrow format on disk,
 * {@code extract} joins the two. What all modules share stands here: the one exception and its codes.
 */
@NullMarked
package dev.vitrine.engine;

import org.jspecify.annotations.NullMarked;
