package io.rustpipe.spark.manifest;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/** Local files that may be listed but not read, which no mode bit can do to root. */
public final class DeniedFileSystem extends RawLocalFileSystem {
  @Override
  public String getScheme() {
    return "denied";
  }

  @Override
  public URI getUri() {
    return URI.create("denied:///");
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    throw new AccessControlException("Permission denied: user=alice, access=READ");
  }
}
