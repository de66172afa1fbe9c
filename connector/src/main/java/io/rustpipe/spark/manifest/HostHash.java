package io.rustpipe.spark.manifest;

import java.util.Locale;

/** Which task a URL goes to if all URLs of a host go to the same one. */
final class HostHash {
  private HostHash() {}

  /**
   * The number of the task, the same on every machine.
   *
   * @param url the URL as the manifest has it, may be null
   */
  static int task(String url, int tasks) {
    // The bits of String.hashCode are too regular for names that differ in a digit.
    int hash = host(url == null ? "" : url).hashCode() * 0x9E3779B9;
    return Math.floorMod(hash ^ (hash >>> 15), tasks);
  }

  /** The host in lower case; all of the text if it has none. */
  static String host(String url) {
    int scheme = url.indexOf("://");
    if (scheme < 0) {
      return url;
    }
    String authority = upTo("/\\?#", url.substring(scheme + 3));
    String hostAndPort = authority.substring(authority.lastIndexOf('@') + 1);
    String host = hostAndPort.startsWith("[") ? upTo("]", hostAndPort) : upTo(":", hostAndPort);
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    return name.isBlank() ? url : name.strip().toLowerCase(Locale.ROOT);
  }

  private static String upTo(String ends, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (ends.indexOf(text.charAt(i)) >= 0) {
        return text.substring(0, i);
      }
    }
    return text;
  }
}
