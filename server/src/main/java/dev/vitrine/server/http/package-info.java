/** The HTTP side: {@code Gate} lets requests in, one endpoint per route answers, {@code Problem} is what a client gets where that fails. */
@NullMarked
package dev.vitrine.server.http;

import org.jspecify.annotations.NullMarked;
