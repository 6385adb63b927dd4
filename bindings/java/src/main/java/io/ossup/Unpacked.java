package io.ossup;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * A file of the jar's in a folder of its own, which nobody else can enter. Both are deleted when Java exits; on Windows, where a
 * library that is loaded cannot be deleted, another process does so on a later day.
 */
final class Unpacked {
    private static final String PREFIX = "ossup-";
    /** Long before that, whoever unpacked it has loaded it. */
    private static final Duration LEFT = Duration.ofDays(1);

    private Unpacked() {}

    static Path unpack(byte[] content, String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        if (File.separatorChar == '\\') {
            deleteLeft(folder, name, Instant.now().minus(LEFT));
        }
        // Only its owner may enter such a folder.
        Path own = Files.createTempDirectory(folder, PREFIX);
        own.toFile().deleteOnExit();
        Path file = own.resolve(name);
        file.toFile().deleteOnExit();
        Files.write(file, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (!isWhole(file, content)) {
            delete(file);
            throw new IOException(file + " is not what was written");
        }
        return file;
    }

    /** Deletes what was unpacked before some time, but for what somebody uses. */
    static void deleteLeft(Path folder, String name, Instant before) {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path own : all) {
                deleteIfLeft(own.resolve(name), before);
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // What is left here takes room, and no more.
        }
    }

    private static void deleteIfLeft(Path file, Instant before) {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                delete(file);
            }
        } catch (IOException inUseOrNoneOfOurs) {
            // It stays for another day.
        }
    }

    static boolean isWhole(Path file, byte[] content) {
        try {
            return Arrays.equals(Files.readAllBytes(file), content);
        } catch (IOException gone) {
            return false;
        }
    }

    static void delete(Path file) throws IOException {
        Files.delete(file);
        Files.delete(file.getParent());
    }
}
