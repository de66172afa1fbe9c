/** The public face: the data source that Spark finds by the name {@code rustpipe}. */
package io.rustpipe.spark;
