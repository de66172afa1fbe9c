package io.rustpipe.it;

import io.rustpipe.spark.RustPipe;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.deploy.master.Master;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/**
 * The program of a driver with executors in JVMs of their own; {@link Cluster} is the other end. It
 * reads requests from its standard input, a line of words separated by tabs each, and answers on
 * its standard output with a line that begins with the request's id. Its arguments are settings of
 * Spark, {@code name=value}.
 */
final class ClusterDriver {
  /** Spark, which also writes to standard output, must not get in between. */
  private static final PrintStream ANSWERS = System.out;

  private final SparkSession spark;
  private final ExecutorService queries = Executors.newCachedThreadPool();

  private ClusterDriver(SparkSession spark) {
    this.spark = spark;
  }

  public static void main(String[] settings) throws IOException {
    System.setOut(System.err);
    var conf = new SparkConf().setAppName("rustpipe cluster tests").setMaster(Cluster.LOCAL);
    for (String setting : settings) {
      conf.set(
          setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
    }
    if (conf.get("spark.master").equals(Cluster.TWO_HOSTS)) {
      conf.setMaster(startTwoHosts(conf));
    }
    var driver = new ClusterDriver(SparkSession.builder().config(conf).getOrCreate());
    answer("ready", "", "");
    var requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      String[] words = line.split("\t", -1);
      driver.queries.execute(() -> driver.handle(words));
    }
    // Whoever asked is gone: nothing is worth a proper end.
    Runtime.getRuntime().halt(0);
  }

  /** Spark's {@code local-cluster} has one host for all; a speculative copy needs another. */
  private static String startTwoHosts(SparkConf conf) {
    String master =
        "spark://127.0.0.1:"
            + Master.startRpcEnvAndEndpoint("127.0.0.1", 0, 0, conf)._1().address().port();
    for (int i = 1; i <= 2; i++) {
      Worker.startRpcEnvAndEndpoint(
          "127.0.0." + i,
          0,
          0,
          1,
          1024,
          new String[] {master},
          conf.get("spark.rustpipe.test.folder"),
          Option.apply(i),
          conf,
          Option.empty());
    }
    return master;
  }

  /** Request: id, what, and the words of that. */
  private void handle(String[] words) {
    try {
      String result =
          switch (words[1]) {
            case "stop" -> {
              spark.stop();
              yield "";
            }
            case "addFile" -> {
              spark.sparkContext().addFile(words[2]);
              yield "";
            }
            case "cancel" -> {
              JavaSparkContext.fromSparkContext(spark.sparkContext()).cancelJobGroup(words[2]);
              yield "";
            }
            default -> query(words);
          };
      answer(words[0], "done", result);
    } catch (Exception e) {
      answer(words[0], "failed", e.getMessage());
    }
  }

  /** Request: id, what, interrupt or not, path of the inputs, options as {@code name=value}. */
  private String query(String[] words) {
    boolean interrupt = Boolean.parseBoolean(words[2]);
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .setJobGroup(words[0], words[0], interrupt);
    SparkSession session = spark.newSession();
    session.conf().set("spark.sql.execution.interruptOnCancel", interrupt);
    var options = new HashMap<String, String>();
    for (int i = 4; i < words.length; i++) {
      options.put(
          words[i].substring(0, words[i].indexOf('=')),
          words[i].substring(words[i].indexOf('=') + 1));
    }
    if (words[1].equals("pipe")) {
      Dataset<Row> inputs = session.read().text(words[3]).toDF("url").repartition(2);
      return String.valueOf(RustPipe.pipe(inputs, options).where("text = url").count());
    }
    if (words[1].equals("quotes")) {
      var shares = session.read().option("header", true).csv(words[3]).repartition(4);
      return quotes(RustPipe.pipe(shares, options));
    }
    Dataset<Row> rows = session.read().format("rustpipe").options(options).load(words[3]);
    return switch (words[1]) {
      case "count" -> String.valueOf(rows.where("error_code IS NULL").count());
      case "take" -> String.valueOf(rows.takeAsList(1).size());
      case "fail" ->
          String.valueOf(
              rows.map((MapFunction<Row, String>) ClusterDriver::fail, Encoders.STRING())
                  .collectAsList());
      default -> throw new IllegalArgumentException(words[1]);
    };
  }

  /** How many quotes there are, and how many shares they count; errors are none. */
  private static String quotes(Dataset<Row> quotes) {
    Row row = quotes.where("error_code IS NULL").selectExpr("count(*)", "sum(volume)").first();
    return row.get(0) + " " + row.get(1);
  }

  private static String fail(Row row) {
    throw new IllegalStateException("as the test wants it");
  }

  private static synchronized void answer(String id, String outcome, String text) {
    byte[] bytes = String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    ANSWERS.println(id + "\t" + outcome + "\t" + Base64.getEncoder().encodeToString(bytes));
    ANSWERS.flush();
  }
}
