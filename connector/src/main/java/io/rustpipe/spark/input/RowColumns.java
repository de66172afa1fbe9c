package io.rustpipe.spark.input;

import java.io.Serializable;
import org.apache.spark.sql.types.StructType;

/**
 * Where things are in the rows of a DataFrame.
 *
 * @param sent ordinals of the columns that the worker gets
 * @param fields those columns, under the names that it knows them by
 * @param kept ordinals of the columns that go with an input into the result
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record RowColumns(int[] sent, StructType fields, int[] kept) implements Serializable {}
