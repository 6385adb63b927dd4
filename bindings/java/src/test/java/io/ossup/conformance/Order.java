package io.ossup.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a driver is to do: names and values, line by line. */
final class Order {
    private static final Set<String> NAMES = Set.of(
            "act", "endpoint", "region", "access_key_id", "access_key_secret", "security_token", "bucket", "key", "file",
            "config", "option", "metadata", "tag", "callback", "deadline_ms", "resume_token", "count", "give", "give_failure");

    /** A line. */
    record Line(String name, String value) {
        /** The value up to its first space. */
        String first() {
            return value.split(" ", 2)[0];
        }

        /** What follows that. */
        String rest() {
            return value.substring(Math.min(first().length() + 1, value.length()));
        }
    }

    private final List<Line> lines = new ArrayList<>();

    static Order read(Path file) throws IOException {
        Order order = new Order();
        for (String text : Files.readAllLines(file)) {
            String name = text.split(" ", 2)[0];
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("there is no line " + name);
            }
            order.lines.add(new Line(name, text.substring(Math.min(name.length() + 1, text.length()))));
        }
        return order;
    }

    /** All lines with one of these names, in order. */
    List<Line> all(String... names) {
        return lines.stream().filter(line -> Stream.of(names).anyMatch(line.name()::equals)).toList();
    }

    /** The value of the one with this name; null where there is none. */
    String get(String name) {
        List<Line> found = all(name);
        return found.isEmpty() ? null : found.get(0).value();
    }

    String needed(String name) {
        String value = get(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }
}
