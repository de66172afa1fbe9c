/**
 * Filters that Spark pushes down, as far as they can be evaluated over rows of the manifest. A
 * filter only ever leaves out what Spark would drop, too. Knows nothing of manifests or workers.
 */
package io.rustpipe.spark.filter;
