/**
 * The options of the data source: each is declared once, and typed getters, errors and the options
 * page of the documentation all come from that declaration. Knows nothing of manifests, workers or
 * processes.
 */
package io.rustpipe.spark.config;
