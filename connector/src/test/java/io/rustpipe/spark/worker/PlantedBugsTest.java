package io.rustpipe.spark.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model that finds nothing proves nothing: it has to find each of these mistakes. */
@Timeout(300)
final class PlantedBugsTest {

  private static final int MOST_SCHEDULES = 1_000;

  @ParameterizedTest
  @EnumSource(PlantedBug.class)
  void theModelFindsIt(PlantedBug bug) throws Exception {
    var model = modelWith(bug);
    var found =
        LongStream.range(0, MOST_SCHEDULES)
            .mapToObj(model)
            .filter(violation -> violation != null)
            .findFirst();
    assertTrue(found.isPresent(), "nothing was found in " + MOST_SCHEDULES + " schedules");
  }

  /** The model of a session that has the bug, with all classes of this package loaded anew. */
  @SuppressWarnings("unchecked")
  private static LongFunction<String> modelWith(PlantedBug bug) throws Exception {
    var loader = new Loader(compile(bug));
    return (LongFunction<String>)
        loader.loadClass(SessionModel.class.getName()).getConstructor().newInstance();
  }

  private static Map<String, byte[]> compile(PlantedBug bug) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    try (var standard = compiler.getStandardFileManager(problems, null, null);
        var files = new InMemory(standard)) {
      var task =
          compiler.getTask(
              null,
              files,
              problems,
              List.of("-proc:none", "-nowarn"),
              null,
              List.of(new Source(bug.file(), bug.source())));
      assertEquals(true, task.call(), () -> problems.getDiagnostics().toString());
      return files.classes();
    }
  }

  /** Loads this package's classes itself, changed ones first; all others come from its parent. */
  private static final class Loader extends ClassLoader {
    private static final String PACKAGE = PlantedBugsTest.class.getPackageName() + ".";
    private final Map<String, byte[]> changed;

    Loader(Map<String, byte[]> changed) {
      super(PlantedBugsTest.class.getClassLoader());
      this.changed = changed;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        var loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        return name.startsWith(PACKAGE) ? findClass(name) : super.loadClass(name, resolve);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      var bytes = changed.get(name);
      return bytes == null ? unchanged(name) : defineClass(name, bytes, 0, bytes.length);
    }

    private Class<?> unchanged(String name) throws ClassNotFoundException {
      try (var stream = getResourceAsStream(name.replace('.', '/') + ".class")) {
        assertNotNull(stream, name);
        var bytes = stream.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String file, String text) {
      super(URI.create("memory:///" + file), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

    InMemory(StandardJavaFileManager files) {
      super(files);
    }

    Map<String, byte[]> classes() {
      var classes = new HashMap<String, byte[]>();
      written.forEach((name, bytes) -> classes.put(name, bytes.toByteArray()));
      return classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        JavaFileManager.Location location,
        String className,
        JavaFileObject.Kind kind,
        FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
        @Override
        public OutputStream openOutputStream() {
          return written.computeIfAbsent(className, name -> new ByteArrayOutputStream());
        }
      };
    }
  }
}
