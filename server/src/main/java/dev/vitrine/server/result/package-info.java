/** A result set as text or bytes: {@link dev.vitrine.server.result.ResultCopy} reads, one {@code ResultWriter} per format writes. */
@NullMarked
package dev.vitrine.server.result;

import org.jspecify.annotations.NullMarked;
