package io.ossup;

import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example does what it says, and the page quotes them. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../../examples/java");
    private static final Pattern QUOTED = Pattern.compile("(?s)```java\n(.*?)```");
    private static final int SIZE = 3 * TestFiles.PART_SIZE;

    @TempDir
    static Path compiled;

    @TempDir
    Path folder;

    private static List<Path> examples() throws Exception {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.sorted().toList();
        }
    }

    @BeforeAll
    static void compile() throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> flags = List.of(
                    "--release", "8", "-Xlint:all,-options,-processing", "-Werror", "-d", compiled.toString(),
                    "-cp", System.getProperty("java.class.path"));
            assertTrue(compiler.getTask(null, files, null, flags, null, files.getJavaFileObjectsFromPaths(examples()))
                    .call());
        }
    }

    private static Program run(String example, StandIn server, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(server.endpoint, "cn-hangzhou", StandIn.BUCKET));
        all.addAll(List.of(arguments));
        return Program.java(List.of(compiled.toString()), example, all.toArray(String[]::new));
    }

    @Test
    void upload() throws Exception {
        try (StandIn server = new StandIn()) {
            Program program = run("Upload", server, "object", make(folder, SIZE));
            assertTrue(program.output().matches("\"[0-9A-F]+(-\\d+)?\"\n"), program.output());
            assertEquals(0, program.exitCode());
            assertArrayEquals(bytes(SIZE), server.object("object"));
        }
    }

    @Test
    void progress() throws Exception {
        try (StandIn server = new StandIn()) {
            Program program = run("Progress", server, "object", make(folder, SIZE));
            String last = "DONE: " + SIZE + " of " + SIZE + " bytes\n";
            assertTrue(program.output().endsWith(last), program.output());
            assertEquals(0, program.exitCode());
        }
    }

    @Test
    void resume() throws Exception {
        try (StandIn server = new StandIn()) {
            server.hang(2);
            String file = make(folder, SIZE);
            String token = run("Resume", server, "object", file).output().trim();
            server.clearFaults();
            Program goneOn = run("Resume", server, "object", file, token);
            assertEquals("OK\n", goneOn.output());
            assertArrayEquals(bytes(SIZE), server.object("object"));
            assertEquals(1, server.count("InitiateMultipartUpload"));
        }
    }

    @Test
    void errors() throws Exception {
        try (StandIn server = new StandIn("--access-key", "ak:other")) {
            Program program = run("Errors", server, "object", make(folder, SIZE));
            assertTrue(program.output().contains("SignatureDoesNotMatch"), program.output());
            assertTrue(program.output().contains("give this key the permission"), program.output());
            assertTrue(program.output().contains("trying again will not help"), program.output());
            assertEquals(1, program.exitCode());
        }
    }

    @Test
    void credentials() throws Exception {
        try (StandIn server = new StandIn("--access-key", "temporary:secret:token")) {
            String end = Instant.now().plusSeconds(3600).toString();
            Path keys = Files.write(folder.resolve("keys"), List.of("temporary", "secret", "token", end));
            List<String> arguments = List.of(
                    server.endpoint, "cn-hangzhou", StandIn.BUCKET, "object", make(folder, SIZE), keys.toString());
            Program program = Program.javaWithoutKeys(
                    List.of(compiled.toString()), "Credentials", arguments.toArray(String[]::new));
            assertEquals(0, program.exitCode(), program.output());
            assertArrayEquals(bytes(SIZE), server.object("object"));
        }
    }

    @Test
    void stream() throws Exception {
        try (StandIn server = new StandIn()) {
            List<String> arguments = List.of(server.endpoint, "cn-hangzhou", StandIn.BUCKET, "object");
            Program program = Program.javaReading(
                    Path.of(make(folder, SIZE)), List.of(compiled.toString()), "Stream", arguments.toArray(String[]::new));
            assertEquals(SIZE + " bytes\n", program.output());
            assertArrayEquals(bytes(SIZE), server.object("object"));
        }
    }

    @Test
    void folder() throws Exception {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            Path other = Files.write(folder.resolve("other.bin"), bytes(1000));
            Program program = run("Folder", server, folder.toString());
            assertEquals(
                    Set.of("OK " + file, "OK " + other),
                    program.output().lines().collect(Collectors.toSet()));
            assertArrayEquals(bytes(SIZE), server.object("file.bin"));
            assertArrayEquals(bytes(1000), server.object("other.bin"));
        }
    }

    @Test
    void eachExampleHasATest() throws Exception {
        Set<String> tests = Stream.of(ExamplesTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(Method::getName)
                .collect(Collectors.toSet());
        Set<String> untested = new TreeSet<>();
        for (Path example : examples()) {
            String name = example.getFileName().toString().replace(".java", "");
            if (!tests.contains(name.toLowerCase(Locale.ROOT))) {
                untested.add(name);
            }
        }
        assertEquals(Set.of(), untested);
    }

    /** Without the space around them, as a page has no use for how deep something stands in a class. */
    private static String words(String text) {
        return text.lines().map(String::strip).collect(Collectors.joining("\n")).strip();
    }

    @Test
    void thePageQuotesThem() throws Exception {
        List<String> sources = new ArrayList<>();
        for (Path example : examples()) {
            sources.add(words(Files.readString(example)));
        }
        int quoted = 0;
        for (Matcher found = QUOTED.matcher(Files.readString(Path.of("README.md"))); found.find(); quoted++) {
            String quotation = words(found.group(1));
            assertFalse(sources.stream().noneMatch(source -> source.contains(quotation)), quotation);
        }
        assertTrue(quoted >= 6, quoted + " quotations");
    }
}
