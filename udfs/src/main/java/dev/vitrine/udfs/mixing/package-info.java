/** How much of each input token is in each position, through all layers. */
@NullMarked
package dev.vitrine.udfs.mixing;

import org.jspecify.annotations.NullMarked;
