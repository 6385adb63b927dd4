package io.ossup.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page says of tests is so. */
class PageTest {
    private static final Pattern IN_BRACKETS = Pattern.compile("\\(((?:`\\w+`(?:,\\s+)?)+)\\)");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    @TempDir
    Path folder;

    @Test
    void theProgramOnItCompiles() throws Exception {
        Matcher block = Pattern.compile("(?s)```java\n(.*?)\n\n(.*?)```").matcher(Files.readString(Path.of("COMPAT.md")));
        assertTrue(block.find());
        String main = "static void main(String accessKeyId, String accessKeySecret) throws Throwable {" + block.group(2) + "}";
        Programs.compile("Program", block.group(1) + "class Program {" + main + "}", folder);
    }

    @Test
    void theTestsThatItNamesAreThere() throws Exception {
        String page = Files.readString(Path.of("COMPAT.md"));
        String differences = page.substring(page.indexOf("## What is different"), page.indexOf("## What is not there"));
        Set<String> named = new TreeSet<>();
        for (Matcher brackets = IN_BRACKETS.matcher(differences); brackets.find(); ) {
            for (Matcher name = NAME.matcher(brackets.group(1)); name.find(); ) {
                named.add(name.group(1));
            }
        }
        assertTrue(named.size() > 30, named + " are named");
        named.removeAll(Stream.of(BesideTheSdkTest.class, CallbackJsonTest.class, ClientTest.class, UploadFileTest.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(method -> method.getName())
                .collect(Collectors.toSet()));
        assertEquals(Set.of(), named);
    }
}
