package io.rustpipe.spark.worker;

import java.io.Serializable;

/**
 * Which input a failure belongs to.
 *
 * @param id its number in the task, from 1
 * @param key what the user knows it by, such as its URL; null where the manifest has none
 */
public record InputKey(long id, String key) implements Serializable {

  @Override
  public String toString() {
    return "input %d (%s)".formatted(id, key);
  }
}
