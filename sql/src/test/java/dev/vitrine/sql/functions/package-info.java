/** Functions as SQL calls them. */
@NullMarked
package dev.vitrine.sql.functions;

import org.jspecify.annotations.NullMarked;
