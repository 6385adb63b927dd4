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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
        return switch (type) {
            case "void" -> void.class;
            case "bool" -> byte.class;
            case "int64_t", "uint64_t", "size_t" -> long.class;
            case "ossup_release_fn" -> Pointer.class;
            // int32_t, uint32_t, and the enums, which are of that size.
            default -> int.class;
        };
    }

    /** Each function's types: what it returns, then its parameters. Without what takes UTF-16, on Windows: here a path is UTF-8. */
    private static Map<String, List<Class<?>>> header() throws Exception {
        String text = Files.readString(HEADER).replaceAll("(?s)/\\*.*?\\*/", "");
        Map<String, List<Class<?>>> functions = new HashMap<>();
        for (Matcher found = FUNCTION.matcher(text); found.find(); ) {
            if (found.group(2).endsWith("_w")) {
                continue;
            }
            List<Class<?>> types = new ArrayList<>(List.of(ofType(found.group(1).trim())));
            if (!found.group(3).equals("void")) {
                for (String parameter : found.group(3).trim().split("\\s*,\\s*", -1)) {
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
        assertTrue(compared > 100, compared + " compared");
    }

    /** What this package does not use, and why. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            Map.entry("ossup_client_upload_file", "an interrupt could not end the wait in it"),
            Map.entry("ossup_config_add_credentials_provider", "C calls nobody: a queue has the questions"),
            Map.entry("ossup_config_error", "ossup_client_new tells the same"),
            Map.entry("ossup_config_set_log", "C calls nobody: a queue has the lines"),
            Map.entry("ossup_credentials_request_is_wanted", "a provider is asked at once, and not told of more"),
            Map.entry("ossup_event_progress", "an event's upload is found by its tag"),
            Map.entry("ossup_event_upload", "an event's upload is found by its tag"),
            Map.entry("ossup_queue_fd", "a thread waits in ossup_queue_next"),
            Map.entry("ossup_queue_handle", "a thread waits in ossup_queue_next"),
            Map.entry("ossup_request_error", "ossup_upload_new tells the same"),
            Map.entry("ossup_status_name", "the names are OssStatus's"),
            Map.entry("ossup_upload_is_done", "the future knows"),
            Map.entry("ossup_upload_ref", "one handle is enough"),
            Map.entry("ossup_upload_set_listener", "C calls nobody: a queue has the events"),
            Map.entry("ossup_upload_wait", "a queue has the end"));

    /** A setter of one value, which ossup_config_set_option or ossup_request_set_option reaches by its name. */
    private static boolean isOption(String function, List<Class<?>> types) {
        return function.matches("ossup_(config|request)_set_.*") && types.size() == 3;
    }

    private static Set<String> declared() {
        return Stream.of(LibOssup.class.getDeclaredMethods())
                .filter(method -> Modifier.isNative(method.getModifiers()))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void whatTheHeaderHasIsUsedOrLeftOutForAReason() throws Exception {
        Set<String> missing = new TreeSet<>();
        header().forEach((function, types) -> {
            if (!isOption(function, types)) {
                missing.add(function);
            }
        });
        missing.removeAll(declared());
        assertEquals(new TreeSet<>(LEFT_OUT.keySet()), missing);
    }

    @Test
    void eachOptionOfTheHeaderHasASetter() throws Exception {
        Set<String> setters = Stream.of(UploadRequest.class, OssUploadConfig.class)
                .flatMap(builder -> Stream.of(builder.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(method -> method.getDeclaringClass().getSimpleName() + '.' + method.getName())
                .collect(Collectors.toSet());
        header().forEach((function, types) -> {
            if (isOption(function, types)) {
                String builder = function.startsWith("ossup_config") ? "OssUploadConfig." : "UploadRequest.";
                String option = function.replaceFirst("ossup_(config|request)_set_", "").replaceFirst("_ms$", "");
                String name = Pattern.compile("_(.)").matcher(option).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
                assertTrue(setters.contains(builder + name), builder + name);
            }
        });
    }

    @Test
    void numbersAreTheHeaders() throws Exception {
        List<String> numbers = new ArrayList<>(List.of(
                "#define OSSUP_ABI_VERSION " + LibOssup.ABI_VERSION + "\n",
                "OSSUP_EVENT_PROGRESS = " + OssUploadClient.PROGRESS + ",",
                "OSSUP_EVENT_COMPLETE = " + OssUploadClient.COMPLETE + ",",
                "OSSUP_EVENT_CREDENTIALS = " + OssUploadClient.CREDENTIALS + ",",
                "OSSUP_EVENT_WRITABLE = " + OssUploadClient.WRITABLE + ","));
        for (UploadProgress.Phase phase : UploadProgress.Phase.values()) {
            numbers.add("OSSUP_PHASE_" + phase + " = " + phase.ordinal() + ",");
        }
        for (UploadRecord.State state : UploadRecord.State.values()) {
            numbers.add("OSSUP_RECORD_" + state + " = " + state.ordinal() + ",");
        }
        for (Network network : Network.values()) {
            numbers.add("#define OSSUP_NETWORK_" + network + " " + network.ordinal() + "\n");
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
