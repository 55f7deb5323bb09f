/** What a model is, as data: each family reads its config.json into an {@link dev.vitrine.engine.model.architecture.Architecture},
 * which names the weights and says what differs. {@link dev.vitrine.engine.model.architecture.Families} lists the families. */
@NullMarked
package dev.vitrine.engine.model.architecture;

import org.jspecify.annotations.NullMarked;
