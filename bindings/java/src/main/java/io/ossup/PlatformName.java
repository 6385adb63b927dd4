package io.ossup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;

/** What the folder in the jar is called that has the library for this machine, such as "linux-x86_64". */
final class PlatformName {
    private static final Path LOADED = Paths.get("/proc/self/maps");

    private PlatformName() {}

    static String here() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"), isMusl());
    }

    static String of(String system, String processor, boolean isMusl) {
        return system(system.toLowerCase(Locale.ROOT), isMusl) + "-" + processor(processor.toLowerCase(Locale.ROOT));
    }

    private static String system(String name, boolean isMusl) {
        if (name.startsWith("linux")) {
            return isMusl ? "linux-musl" : "linux";
        }
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "macos" : name.replace(' ', '-');
    }

    private static String processor(String name) {
        switch (name) {
            case "amd64":
            case "x86-64":
                return "x86_64";
            case "arm64":
                return "aarch64";
            default:
                return name;
        }
    }

    /** Which C library this Java itself runs with; a machine may have both. */
    private static boolean isMusl() {
        try {
            String loaded = new String(Files.readAllBytes(LOADED), StandardCharsets.ISO_8859_1);
            return loaded.contains("/ld-musl-");
        } catch (IOException noneSuch) {
            return false;
        }
    }
}
