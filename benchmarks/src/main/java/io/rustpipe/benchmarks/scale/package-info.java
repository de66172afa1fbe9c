/**
 * Figures that are about size and not about speed: the driver's and executors' heap while the
 * manifest grows, and the time to a query's first row. {@code benchmarks/scale} starts {@link
 * io.rustpipe.benchmarks.scale.Scale}.
 */
package io.rustpipe.benchmarks.scale;
