package io.ossup.compat;

import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.StandIn;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The seed page's program, filled in, compiled and run. */
class SeedPageTest {
    private static final Path PROGRAM = Path.of("src/test/java/io/ossup/compat/seed/SeedPage.java");
    private static final int PART_SIZE = 1024 * 1024;
    private static final int PARTS = 7;
    private static final int SIZE = (PARTS - 1) * PART_SIZE + 1;

    @TempDir
    Path folder;

    /** The program, without its package: the class that is on the class path is another. */
    private static String program() throws Exception {
        return Files.readString(PROGRAM).replace("package io.ossup.compat.seed;", "");
    }

    /** The program with the reader's own names in it. */
    private static String filledIn(StandIn server, String file, String record, String callback) throws Exception {
        return program()
                .replace("https://oss-cn-hangzhou.aliyuncs.com", server.endpoint)
                .replace("<yourAccessKeyId>", "ak")
                .replace("<yourAccessKeySecret>", "sk")
                .replace("<yourBucketName>", StandIn.BUCKET)
                .replace("<yourObjectName>", "object")
                .replace("<yourLocalFile>", file)
                .replace("<yourCheckpointFile>", record)
                .replace("<yourCallbackEvent>", callback.replace("\"", "\\\""));
    }

    private void compile(String program) throws Exception {
        Programs.compile("SeedPage", program, folder);
    }

    private Process start() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dossup.library=" + System.getProperty("ossup.library"),
                        "-cp",
                        folder + File.pathSeparator + System.getProperty("java.class.path"),
                        "SeedPage")
                .inheritIO()
                .start();
    }

    /** Runs the program in this process. */
    private void run() throws Exception {
        URL[] place = {folder.toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(place, getClass().getClassLoader())) {
            loader.loadClass("SeedPage").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        }
    }

    @Test
    void runsAndGoesOnAfterAKill() throws Exception {
        try (StandIn server = new StandIn(); CallbackServer application = new CallbackServer()) {
            String file = make(folder, SIZE);
            Path record = folder.resolve("record.ucp");
            compile(filledIn(server, file, record.toString(), application.json("object=${object}&size=${size}")));

            server.hang(PARTS - 2);
            Process killed = start();
            while (server.count("UploadPart") < PARTS - 2) {
                assertTrue(killed.isAlive());
            }
            killed.destroyForcibly().waitFor();
            assertTrue(Files.exists(record));
            server.clearFaults();

            run();
            assertEquals(1, server.count("InitiateMultipartUpload"));
            assertTrue(server.count("UploadPart") < 2 * PARTS - 2, server.count("UploadPart") + " parts");
            assertArrayEquals(bytes(SIZE), server.object("object"));
            assertTrue(server.ledger("InitiateMultipartUpload").contains("[\"content-type\",\"text/plain\"]"));
            assertEquals(List.of("object=object&size=" + SIZE), application.heard());
            assertFalse(Files.exists(record));
        }
    }

    @Test
    void isTheSdksButForItsImports() throws Exception {
        // The SDK's own does not take the page's text.
        compile(program().replace("io.ossup.compat", "com.aliyun.oss").replaceAll("(?m)^.*setCallback.*$", ""));
    }

    @Test
    void whatItHasCommentedOutRunsToo() throws Exception {
        try (StandIn server = new StandIn(); CallbackServer application = new CallbackServer()) {
            String file = make(folder, 1000);
            String program = filledIn(server, file, file + ".record", application.json("object=${object}"));
            compile(program.replaceAll("(?m)^ *// ?", ""));
            run();
            assertArrayEquals(bytes(1000), server.object("object"));
            String complete = server.ledger("CompleteMultipartUpload");
            assertTrue(complete.contains("[\"x-oss-object-acl\",\"private\"]"), complete);
        }
    }
}
