package io.ossup.compat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares what programs see of these classes with what they see of the SDK's. */
class SurfaceTest {
    private static final String OURS = "io.ossup.compat";
    private static final String THEIRS = "com.aliyun.oss";
    private static final Path PAGE = Path.of("COMPAT.md");
    private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\| ([^|]{10,}) \\|");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");

    /** What there is besides, for the library's own sake. */
    private static final Set<String> BESIDES = Set.of(
            // The page's program gives a text, which the SDK's own does not take.
            "UploadFileRequest.setCallback(java.lang.String)", "Callback$CalbackBodyType.mediaType()");

    private static List<Class<?>> classes() throws Exception {
        URI root = OSS.class.getProtectionDomain().getCodeSource().getLocation().toURI();
        try (Stream<Path> files = Files.walk(Path.of(root).resolve(OURS.replace('.', '/')))) {
            List<Class<?>> found = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String path = Path.of(root).relativize(file).toString().replace('/', '.');
                Class<?> type = Class.forName(path.substring(0, path.length() - ".class".length()));
                if (Modifier.isPublic(type.getModifiers())) {
                    found.add(type);
                }
            }
            return found;
        }
    }

    private static Class<?> theirs(Class<?> ours) throws Exception {
        return Class.forName(ours.getName().replace(OURS, THEIRS));
    }

    private static String shortName(Class<?> type) {
        return type.getName().replaceAll(".*\\.", "");
    }

    private static String typeName(Class<?> type) {
        return type.getName().replace(THEIRS, OURS);
    }

    private static String list(Class<?>[] types) {
        return Arrays.stream(types).map(SurfaceTest::typeName).collect(Collectors.joining(",", "(", ")"));
    }

    /** What a program can name of a class's own: constructors, methods, constants; with what a method returns. */
    private static Map<String, String> members(Class<?> type) {
        Map<String, String> members = new HashMap<>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            put(members, constructor, "new" + list(constructor.getParameterTypes()), type);
        }
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isSynthetic()) {
                put(members, method, method.getName() + list(method.getParameterTypes()), method.getReturnType());
            }
        }
        for (Field field : type.getDeclaredFields()) {
            put(members, field, field.getName(), field.getType());
        }
        return members;
    }

    private static void put(Map<String, String> members, Member member, String name, Class<?> type) {
        // Everything has a toString.
        if (Modifier.isPublic(member.getModifiers()) && !name.equals("toString()")) {
            members.put(name, typeName(type));
        }
    }

    /** The same, with what a class has of those above it. */
    private static Set<String> allMembers(Class<?> type) {
        Set<String> all = new HashSet<>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            all.addAll(members(at).keySet());
        }
        return all;
    }

    private static String nameOf(String member) {
        return member.replaceAll("\\(.*", "");
    }

    /** What the page says is left out, with a reason: class and member. */
    private static Set<String> leftOut() throws Exception {
        Set<String> names = new TreeSet<>();
        for (Matcher row = ROW.matcher(Files.readString(PAGE)); row.find(); ) {
            for (Matcher type = NAME.matcher(row.group(1)); type.find(); ) {
                for (Matcher member = NAME.matcher(row.group(2)); member.find(); ) {
                    names.add(type.group(1) + "." + member.group(1));
                }
            }
        }
        return names;
    }

    @Test
    void whatIsNotThereIsOnThePageWithAReason() throws Exception {
        Set<String> missing = new TreeSet<>();
        for (Class<?> ours : classes()) {
            Set<String> here = allMembers(ours);
            // Of what a client can do, uploadFile alone is here.
            if (!OSS.class.isAssignableFrom(ours)) {
                members(theirs(ours)).keySet().stream()
                        .filter(member -> !here.contains(member))
                        .forEach(member -> missing.add(shortName(ours) + "." + nameOf(member)));
            }
        }
        assertEquals(leftOut(), missing);
    }

    @Test
    void whatIsThereIsTheSdks() throws Exception {
        int compared = 0;
        for (Class<?> ours : classes()) {
            Map<String, String> there = members(theirs(ours));
            for (Map.Entry<String, String> member : members(ours).entrySet()) {
                String name = shortName(ours) + "." + member.getKey();
                if (!BESIDES.contains(name)) {
                    assertEquals(there.get(member.getKey()), member.getValue(), name);
                    compared++;
                }
            }
        }
        assertTrue(compared > 250, compared + " compared");
    }

    @Test
    void whatTheyAreIsTheSdks() throws Exception {
        for (Class<?> ours : classes()) {
            assertEquals(typeName(theirs(ours).getSuperclass() == null ? Object.class : theirs(ours).getSuperclass()),
                    typeName(ours.getSuperclass() == null ? Object.class : ours.getSuperclass()), ours.getName());
        }
    }

    @Test
    void uploadFileDeclaresWhatItDeclares() throws Exception {
        Method ours = OSS.class.getMethod("uploadFile", io.ossup.compat.model.UploadFileRequest.class);
        assertEquals(List.of(Throwable.class), List.of(ours.getExceptionTypes()));
    }
}
