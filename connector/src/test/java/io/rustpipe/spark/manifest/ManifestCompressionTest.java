package io.rustpipe.spark.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestCompressionTest extends ManifestFixture {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "urls.txt  | 'http://a\nhttp://b\n'",
        "urls.json | '{\"url\":\"http://a\"}\n{\"url\":\"http://b\"}\n'",
        "urls.csv  | 'url,n\nhttp://a,1\nhttp://b,2\n'",
        "urls.tsv  | 'url\tn\nhttp://a\t1\nhttp://b\t2\n'",
        "urls      | 'http://a\nhttp://b\n'",
      })
  void linesAreReadCompressedOrNot(String name, String text) throws IOException {
    write(name, text);
    gzip(name + ".gz", text);
    zstd(name + ".zst", Zstd.compress(bytes(text)));
    for (String ending : List.of("", ".gz", ".zst")) {
      assertEquals(List.of("http://a", "http://b"), urls(open(name + ending)), ending);
    }
  }

  @Test
  void recordsOverSeveralLinesAreReadCompressedToo() throws IOException {
    zstd("urls.json.zst", Zstd.compress(bytes("[{\n\"url\":\"http://a\"}]")));
    assertEquals(List.of("http://a"), urls(open("urls.json.zst", "manifest.multiLine", "true")));
  }

  @Test
  void zstdStreamOfManyMegabytesIsReadToItsEnd() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZstdOutputStream(bytes).setChecksum(true)) {
      for (int i = 0; i < 300_000; i++) {
        out.write(bytes("http://host-" + i * 7919L + "/path\n"));
      }
    }
    zstd("urls.txt.zst", bytes.toByteArray());
    assertEquals(List.of(100_000, 100_000, 100_000), shares(open("urls.txt.zst"), 3));
  }

  @Test
  void zstdFramesOneAfterTheOtherAreOneFile() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int frame = 0; frame < 1_000; frame++) {
      bytes.write(Zstd.compress(bytes("http://" + frame + "\n")));
      bytes.write(Zstd.compress(new byte[0]));
    }
    zstd("urls.zst", bytes.toByteArray());
    assertEquals(
        IntStream.range(0, 1_000).mapToObj(i -> "http://" + i).toList(),
        urls(open("urls.zst", "partitions", "1")));
  }

  @Test
  void frameThatFillsTheBufferExactlyIsWhole() throws IOException {
    for (int size : new int[] {128 << 10, (128 << 10) - 1, (128 << 10) + 1, 1 << 20}) {
      zstd("urls.zst", Zstd.compress(bytes("x".repeat(size))));
      assertEquals(size, urls(open("urls.zst")).get(0).length());
    }
  }

  @Test
  void emptyZstdFileIsAnEmptyManifest() throws IOException {
    zstd("urls.zst", new byte[0]);
    assertEquals(List.of(), urls(open("urls.zst")));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 20, 200})
  void zstdFileThatIsCutOffIsAnErrorInWhicheverFrame(int left) throws IOException {
    byte[] first = Zstd.compress(bytes("http://first\n"));
    byte[] second =
        Zstd.compress(
            bytes(
                IntStream.range(0, 1_000)
                    .mapToObj(i -> "http://" + i * 7919L + "\n")
                    .collect(Collectors.joining())));
    byte[] cut = Arrays.copyOf(first, first.length + left);
    System.arraycopy(second, 0, cut, first.length, left);
    zstd("urls.zst", cut);
    assertReadFails("urls.zst", "the zstd file ends within a frame: it is cut off");
    zstd("urls.zst", Arrays.copyOf(second, left));
    assertReadFails("urls.zst", "the zstd file ends within a frame: it is cut off");
  }

  @Test
  void zstdFileThatIsNoneIsAnError() throws IOException {
    zstd("urls.zst", bytes("http://a\n"));
    assertReadFails("urls.zst", "the zstd file is damaged: Unknown frame descriptor");
  }

  @Test
  void damagedZstdFileIsAnErrorWhereItHasAChecksum() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ZstdOutputStream(bytes).setChecksum(true)) {
      out.write(bytes("http://a\n"));
    }
    byte[] damaged = bytes.toByteArray();
    damaged[damaged.length - 6] ^= 1;
    zstd("urls.zst", damaged);
    assertReadFails("urls.zst", "the zstd file is damaged: ");
  }

  @Test
  void zstdFileThatWantsTooMuchMemoryIsAnErrorThatSaysHowMuch() throws IOException {
    // Magic number; a header of one window byte and no size; 2^28 bytes; an empty last block.
    byte[] frame = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) ((28 - 10) << 3), 1, 0, 0};
    zstd("urls.zst", frame);
    assertReadFails(
        "urls.zst",
        "the zstd file needs a window of more than 128 MiB: compress it with --long=27 or less");
    frame[5] = (byte) ((27 - 10) << 3);
    zstd("urls.zst", frame);
    assertEquals(List.of(), urls(open("urls.zst")));
  }

  @Test
  void damagedZstdFileIsNamedWhileItsColumnsAreInferred() throws IOException {
    zstd("urls.json.zst", Arrays.copyOf(Zstd.compress(bytes("{\"url\":\"http://a\"}")), 12));
    assertFailure("can't find out the columns of the manifest", "urls.json.zst");
    assertFailure("the zstd file ends within a frame: it is cut off", "urls.json.zst");
  }

  @Test
  void codecsOfTheSessionStayInUse() throws IOException {
    zstd("urls.zst", Zstd.compress(bytes("http://a\n")));
    gzip("urls.gz", "http://b\n");
    spark.conf().set("io.compression.codecs", "org.apache.hadoop.io.compress.DefaultCodec");
    try {
      assertEquals(List.of("http://a", "http://b"), sorted(open("urls.*")));
    } finally {
      spark.conf().unset("io.compression.codecs");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"urls.xz", "urls.json.zstd", "urls.GZ", "urls.csv.zip"})
  void compressionThatNobodyWouldUndoIsAnError(String name) throws IOException {
    write(name, "x");
    assertFailure(name + "' can't be decompressed: Spark's readers go by the ending", name);
  }

  private void assertReadFails(String name, String expected) {
    Throwable failure = assertThrows(Exception.class, () -> urls(open(name)));
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    assertTrue(messages.toString().contains(expected), messages.toString());
    assertTrue(messages.toString().contains(name), messages.toString());
  }

  private void zstd(String name, byte[] compressed) throws IOException {
    Files.write(folder.resolve(name), compressed);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
