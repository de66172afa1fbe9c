/**
 * Tests of the packed connector with a real Spark, real worker processes and real sockets, through
 * nothing but its public surface. The same sources run on the oldest and the newest Spark.
 */
package io.rustpipe.it;
