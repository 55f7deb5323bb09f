/** The command line ({@code Main}) and the HTTP and JDBC service ({@code VitrineServer}). */
@NullMarked
package dev.vitrine.server;

import org.jspecify.annotations.NullMarked;
