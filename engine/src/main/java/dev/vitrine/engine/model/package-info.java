/** Opens a Hugging Face folder or an ONNX export and runs it: {@link dev.vitrine.engine.model.TransformerModel} is the door, {@link
 * dev.vitrine.engine.model.HookPoint} names what can be kept. */
@NullMarked
package dev.vitrine.engine.model;

import org.jspecify.annotations.NullMarked;
