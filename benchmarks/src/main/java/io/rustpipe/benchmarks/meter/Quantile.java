package io.rustpipe.benchmarks.meter;

import java.util.stream.DoubleStream;

/** Quantiles of the rounds' figures. */
public final class Quantile {
  private Quantile() {}

  public static double median(DoubleStream values) {
    return of(0.5, values);
  }

  /** The value at this place between the least, 0, and the largest, 1; between two, their mean. */
  public static double of(double quantile, DoubleStream values) {
    var sorted = values.sorted().toArray();
    var place = quantile * (sorted.length - 1);
    return (sorted[(int) Math.floor(place)] + sorted[(int) Math.ceil(place)]) / 2;
  }
}
