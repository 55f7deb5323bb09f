/** GPT-2 as a Hugging Face folder: {@link dev.vitrine.examples.gpt2.Gpt2Folder} writes one of any size. */
@NullMarked
package dev.vitrine.examples.gpt2;

import org.jspecify.annotations.NullMarked;
