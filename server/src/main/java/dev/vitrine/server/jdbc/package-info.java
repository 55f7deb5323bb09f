/**
 * Remote JDBC in Avatica's protobuf protocol: {@link dev.vitrine.server.jdbc.AvaticaEndpoint} takes the requests, {@code JdbcService}
 * answers them. Avatica's own server side (JdbcMeta) is not used: it lets clients choose connection properties, reads arrays in a way
 * that Calcite's do not support, and ignores deadlines.
 */
@NullMarked
package dev.vitrine.server.jdbc;

import org.jspecify.annotations.NullMarked;
