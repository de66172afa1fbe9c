/** What the benchmarks share; each has a package of its own, and a script that starts it. */
package io.rustpipe.benchmarks;
