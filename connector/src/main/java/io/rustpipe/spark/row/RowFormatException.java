package io.rustpipe.spark.row;

import java.io.IOException;

/** A worker's row is well-formed JSON, but not a row of the table. */
public final class RowFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Characters of a value that a message shows. */
  private static final int DEFAULT_SHOWN_LENGTH = 100;

  private final String column;

  /**
   * Says where and how a value differs from what the table asks for.
   *
   * @param column the column, or a part of it such as {@code errors.element.offset}; empty for the
   *     row itself
   * @param expected the type or form that the value should have
   * @param found the value as it stands in the frame
   */
  RowFormatException(String column, String expected, String found) {
    super(
        (column.isEmpty() ? "row" : "column '" + column + "'")
            + ": expected "
            + expected
            + ", found "
            + shorten(found));
    this.column = column;
  }

  /**
   * The column, or a part of it such as {@code errors.element.offset}; empty for the row itself.
   */
  public String column() {
    return column;
  }

  private static String shorten(String value) {
    if (value.length() <= DEFAULT_SHOWN_LENGTH) {
      return value;
    }
    int whole = Character.isHighSurrogate(value.charAt(DEFAULT_SHOWN_LENGTH - 1)) ? 1 : 0;
    return value.substring(0, DEFAULT_SHOWN_LENGTH - whole)
        + "... ("
        + value.length()
        + " characters)";
  }
}
