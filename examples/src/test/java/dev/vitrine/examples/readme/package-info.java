/** The README, run: {@link dev.vitrine.examples.readme.ReadmeTest} executes what it shows and compares with what it says one sees. */
@NullMarked
package dev.vitrine.examples.readme;

import org.jspecify.annotations.NullMarked;
