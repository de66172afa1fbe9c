package io.rustpipe.it;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What Java and Commons Compress make of a gzipped tar, or of the first part of one.
 *
 * @param code the error that the whole has; null for none
 * @param entries path and size of each entry, as far as there are any
 */
record ArchiveReading(String code, List<String> entries) {
  private static final int GZIP_MAGIC = 0x1f8b;

  static ArchiveReading of(byte[] body) {
    if (body.length < 2 || ((body[0] & 0xff) << 8 | (body[1] & 0xff)) != GZIP_MAGIC) {
      return new ArchiveReading("NOT_AN_ARCHIVE", List.of());
    }
    String code = null;
    var tar = new ByteArrayOutputStream();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(body))) {
      // Not transferTo, which would drop what it has read when the stream turns out to be broken.
      byte[] piece = new byte[4096];
      for (int read = gzip.read(piece); read >= 0; read = gzip.read(piece)) {
        tar.write(piece, 0, read);
      }
    } catch (IOException e) {
      code = "BAD_GZIP";
    }
    return new ArchiveReading(code, entries(tar.toByteArray()));
  }

  private static List<String> entries(byte[] bytes) {
    var entries = new ArrayList<String>();
    try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(bytes))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        entries.add(entry.getName() + " " + entry.getSize());
      }
    } catch (IOException e) {
      // The part of an archive: the entries until there are what counts.
    }
    return entries;
  }
}
