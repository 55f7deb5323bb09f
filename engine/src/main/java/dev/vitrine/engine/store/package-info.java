/** Run folders of Arrow files: {@code Store} is the door of reading, {@code RunWriter} that of writing, {@code TableLayout} has every schema. */
@NullMarked
package dev.vitrine.engine.store;

import org.jspecify.annotations.NullMarked;
