package io.rustpipe.spark.manifest;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The manifest's columns that go to the worker.
 *
 * @param url the URL's
 * @param integrity the expected digest's, if there is one
 */
record InputColumns(String url, Optional<String> integrity) {
  Stream<String> names() {
    return Stream.concat(Stream.of(url), integrity.stream());
  }
}
