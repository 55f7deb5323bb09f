package dev.vitrine.server;

import dev.vitrine.server.http.Token;
import dev.vitrine.server.query.QueryLimits;

/**
 * How a server is started.
 *
 * @param port on loopback; 0 for any that is free
 * @param token what clients have to show
 * @param limits what it gives to its queries
 */
public record ServerOptions(int port, Token token, QueryLimits limits) {}
