/** What a piece of work costs: time, CPU time and memory of this JVM and of its child processes. */
package io.rustpipe.benchmarks.meter;
