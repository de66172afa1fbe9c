/**
 * The program behind {@code ./quickstart}: it serves archives that this machine has anyway on
 * loopback and shows what rustpipe makes of them. The integration tests use the same corpus and
 * server.
 */
package io.rustpipe.quickstart;
