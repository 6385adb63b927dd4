package io.ossup.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Compiles what is text. */
final class Programs {
    private Programs() {}

    /** Makes classes of a program, in a folder. What does not compile fails the test. */
    static void compile(String name, String program, Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), program);
        String[] arguments = {
            "-encoding", "UTF-8",
            "-proc:none",
            "-cp", System.getProperty("java.class.path"),
            "-d", folder.toString(),
            source.toString()
        };
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments));
    }
}
