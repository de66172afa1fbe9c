package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlatformTest {

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, linux-x86_64, Linux x86-64",
    "Linux, aarch64, linux-aarch64, Linux aarch64",
    "Mac OS X, aarch64, macos-aarch64, macOS aarch64",
    "Windows 11, amd64, windows-x86_64, Windows x86-64",
    "Linux, riscv64, linux-riscv64, Linux riscv64",
  })
  void platformsAreNamedAsTheBuildNamesThem(String os, String arch, String name, String title) {
    assertEquals(name, Platform.of(os, arch).toString());
    assertEquals(title, Platform.of(os, arch).title());
  }
}
