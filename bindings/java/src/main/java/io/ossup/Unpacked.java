package io.ossup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file of the jar's in a folder of its own, which nobody else can enter. Both are deleted when Java exits. */
final class Unpacked {
    private Unpacked() {}

    static Path unpack(byte[] content, String name, Path folder) throws IOException {
        Files.createDirectories(folder);
        // Only its owner may enter such a folder.
        Path own = Files.createTempDirectory(folder, "ossup-");
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
