package io.rustpipe.spark.worker;

import java.util.Locale;

/**
 * Operating system and architecture, under the names that the worker's build has for them.
 *
 * @param os for example {@code linux}
 * @param arch for example {@code x86_64}
 */
record Platform(String os, String arch) {

  static final String LINUX = "linux";
  static final String MACOS = "macos";
  static final String WINDOWS = "windows";
  static final String X86_64 = "x86_64";
  static final String AARCH64 = "aarch64";

  /** This machine's. */
  static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  /** As the JDK names it. */
  static Platform of(String osName, String osArch) {
    var name = osName.toLowerCase(Locale.ROOT);
    var os = name.startsWith("mac") ? MACOS : name.startsWith("windows") ? WINDOWS : name;
    var arch =
        switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", X86_64 -> X86_64;
          case "arm64", AARCH64 -> AARCH64;
          default -> osArch;
        };
    return new Platform(os, arch);
  }

  boolean isLinux() {
    return os.equals(LINUX);
  }

  /** For people: {@code Linux x86-64}. */
  String title() {
    var system =
        switch (os) {
          case LINUX -> "Linux";
          case MACOS -> "macOS";
          case WINDOWS -> "Windows";
          default -> os;
        };
    return system + " " + archTitle(arch);
  }

  /** For people: {@code x86-64}. */
  static String archTitle(String arch) {
    return arch.replace('_', '-');
  }

  /** What a Rust compiler calls it, for a remedy. */
  String target() {
    return switch (os) {
      case LINUX -> arch + "-unknown-linux-gnu or -musl";
      case MACOS -> arch + "-apple-darwin";
      case WINDOWS -> arch + "-pc-windows-msvc";
      default -> title();
    };
  }

  /** As the worker's build names it: {@code linux-x86_64}. */
  @Override
  public String toString() {
    return os + "-" + arch;
  }
}
