package io.ossup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No compiler compares what is declared in Java with the header. */
class DeclarationsTest {
    private static final Pattern FUNCTION = Pattern.compile("([a-z][\\w ]*?[ *]+)(ossup_\\w+)\\(([^()]*)\\);");
    private static final Path HEADER = Path.of("../../include/ossup.h");

    /** The Java type of a parameter, as C writes it with its name. */
    private static Class<?> ofParameter(String text) {
        String type = text.replaceAll("\\w+$", "").trim();
        return type.endsWith("char *") ? byte[].class : ofType(type);
    }

    private static Class<?> ofType(String type) {
        if (type.endsWith("**")) {
            return PointerByReference.class;
        }
        if (type.endsWith("*")) {
            return Pointer.class;
        }
        switch (type) {
            case "void":
                return void.class;
            case "bool":
                return byte.class;
            case "int64_t":
            case "uint64_t":
                return long.class;
            default:
                // int32_t, uint32_t, and the enums, which are of that size.
                return int.class;
        }
    }

    /** Each function's types: what it returns, then its parameters. */
    private static Map<String, List<Class<?>>> header() throws Exception {
        String text = Files.readString(HEADER).replaceAll("(?s)/\\*.*?\\*/", "");
        Map<String, List<Class<?>>> functions = new HashMap<>();
        for (Matcher found = FUNCTION.matcher(text); found.find(); ) {
            List<Class<?>> types = new ArrayList<>(List.of(ofType(found.group(1).trim())));
            if (!found.group(3).equals("void")) {
                for (String parameter : found.group(3).trim().split("\\s*,\\s*")) {
                    types.add(ofParameter(parameter));
                }
            }
            functions.put(found.group(2), types);
        }
        return functions;
    }

    @Test
    void declarationsAreTheHeaders() throws Exception {
        Map<String, List<Class<?>>> header = header();
        int compared = 0;
        for (Method method : LibOssup.class.getDeclaredMethods()) {
            if (Modifier.isNative(method.getModifiers())) {
                List<Class<?>> types =
                        Stream.concat(Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes())).toList();
                assertNotNull(header.get(method.getName()), method.getName());
                assertEquals(header.get(method.getName()), types, method.getName());
                compared++;
            }
        }
        assertTrue(compared > 60, compared + " compared");
    }

    @Test
    void numbersAreTheHeaders() throws Exception {
        List<String> numbers = new ArrayList<>(List.of(
                "#define OSSUP_ABI_VERSION " + LibOssup.ABI_VERSION + "\n",
                "OSSUP_EVENT_PROGRESS = " + OssUploadClient.PROGRESS + ",",
                "OSSUP_EVENT_COMPLETE = " + OssUploadClient.COMPLETE + ",",
                "OSSUP_EVENT_CREDENTIALS = " + OssUploadClient.CREDENTIALS + ","));
        for (UploadProgress.Phase phase : UploadProgress.Phase.values()) {
            numbers.add("OSSUP_PHASE_" + phase + " = " + phase.ordinal() + ",");
        }
        for (LogLevel level : LogLevel.values()) {
            numbers.add("OSSUP_LOG_" + level + " = " + level.number() + ",");
        }
        String header = Files.readString(HEADER);
        for (String number : numbers) {
            assertTrue(header.contains(number), number);
        }
    }
}
