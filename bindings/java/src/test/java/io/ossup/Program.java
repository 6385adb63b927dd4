package io.ossup;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Java program that ran, with this very library, and what it printed. */
record Program(int exitCode, String output) {
    /** With the stand-in's access key in its environment. */
    static Program java(List<String> classPath, String main, String... arguments) throws Exception {
        return run(withKeys(builder(classPath, main, arguments)));
    }

    static Program javaWithoutKeys(List<String> classPath, String main, String... arguments) throws Exception {
        return run(builder(classPath, main, arguments));
    }

    /** With a file as its standard input. */
    static Program javaReading(Path input, List<String> classPath, String main, String... arguments) throws Exception {
        return run(withKeys(builder(classPath, main, arguments)).redirectInput(input.toFile()));
    }

    /** With flags of its own, and no library named. */
    static Program java(List<String> flags, List<String> classPath, String main, String... arguments) throws Exception {
        return run(withKeys(new ProcessBuilder(command(flags, classPath, main, arguments))));
    }

    private static ProcessBuilder builder(List<String> classPath, String main, String... arguments) {
        List<String> flags = List.of("-Dossup.library=" + System.getProperty("ossup.library"));
        return new ProcessBuilder(command(flags, classPath, main, arguments));
    }

    private static List<String> command(List<String> flags, List<String> classPath, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        String all = Stream.concat(classPath.stream(), Stream.of(System.getProperty("java.class.path")))
                .collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", all, main));
        command.addAll(List.of(arguments));
        return command;
    }

    private static ProcessBuilder withKeys(ProcessBuilder builder) {
        builder.environment().put("OSS_ACCESS_KEY_ID", "ak");
        builder.environment().put("OSS_ACCESS_KEY_SECRET", "sk");
        return builder;
    }

    private static Program run(ProcessBuilder builder) throws Exception {
        // Where the system looks for libraries is not what is tried.
        builder.environment().remove("LD_LIBRARY_PATH");
        Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Program(process.waitFor(), output);
    }
}
