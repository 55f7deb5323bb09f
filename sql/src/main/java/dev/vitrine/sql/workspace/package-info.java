/**
 * The analyst's own tables and views, in an H2 file beside the runs. {@link dev.vitrine.sql.workspace.Workspace} opens it; every SQL text
 * that H2 sees is made here from checked parts, never passed on.
 */
@NullMarked
package dev.vitrine.sql.workspace;

import org.jspecify.annotations.NullMarked;
