package io.rustpipe.spark.config;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lists of networks. Nothing here ever asks a name server: an option must not send packets.
 */
final class AllowedNetworks {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

  /**
   * The first character and a colon are what keeps {@link InetAddress#getByName} from looking up a
   * name.
   */
  private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:]{2,39}");

  private static final Pattern NETWORK = Pattern.compile("([^/]+)(?:/([0-9]{1,3}))?");

  private AllowedNetworks() {}

  /**
   * Reads addresses and CIDR ranges separated by commas.
   *
   * @return CIDR ranges; a single address is a range of one
   * @throws IllegalArgumentException with what was expected
   */
  static List<String> parse(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).map(AllowedNetworks::cidr).toList();
  }

  private static String cidr(String network) {
    Matcher parts = NETWORK.matcher(network);
    if (!parts.matches()) {
      throw malformed(network);
    }
    String address = parts.group(1);
    boolean v4 = IPV4.matcher(address).matches();
    String canonical = v4 ? address : ipv6(address, network);
    int bits = v4 ? 32 : 128;
    int prefix = parts.group(2) == null ? bits : Integer.parseInt(parts.group(2));
    if (prefix > bits) {
      throw malformed(network);
    }
    return canonical + "/" + prefix;
  }

  private static String ipv6(String address, String network) {
    try {
      if (IPV6.matcher(address).matches()
          && !(InetAddress.getByName(address) instanceof Inet4Address)) {
        return InetAddress.getByName(address).getHostAddress();
      }
    } catch (UnknownHostException e) {
      throw malformed(network);
    }
    throw malformed(network);
  }

  private static IllegalArgumentException malformed(String network) {
    return new IllegalArgumentException(
        "IPv4 or IPv6 addresses or CIDR ranges separated by commas, such as 10.0.0.0/8, fd00::/8; '"
            + network
            + "' is neither (host names are not looked up)");
  }
}
