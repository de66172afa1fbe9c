/**
 * What a worker is given of a row, wherever it comes from, and which of its columns go with it into
 * the result. Knows nothing of workers, files or frames.
 */
package io.rustpipe.spark.input;
