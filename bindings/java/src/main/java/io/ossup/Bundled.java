package io.ossup;

import com.sun.jna.NativeLibrary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The library that lies in the jar, one for each platform. It is unpacked once for all class loaders of a process, which so
 * share one library, its threads and its connections: a library stays in memory when its class loader is gone.
 */
final class Bundled {
    /** Tells class loaders where a library of this very content was unpacked. */
    private static final String UNPACKED = "ossup.unpacked.";

    /** Loads a file as a library, or throws an UnsatisfiedLinkError. */
    interface Loader {
        NativeLibrary load(Path file);
    }

    private Bundled() {}

    /** The library in the jar; null where the jar has none for this machine, which tried then tells. */
    static NativeLibrary open(String name, List<String> tried) {
        String place = "native/" + PlatformName.here() + "/" + name;
        try (InputStream resource = Bundled.class.getResourceAsStream(place)) {
            if (resource == null) {
                tried.add("the jar has no io/ossup/" + place);
                return null;
            }
            return open(all(resource), name, folders(), file -> NativeLibrary.getInstance(file.toString()));
        } catch (IOException failure) {
            throw new UnsatisfiedLinkError("io/ossup/" + place + " of the jar cannot be read: " + failure.getMessage());
        }
    }

    static NativeLibrary open(byte[] content, String name, List<Path> folders, Loader loader) {
        // Class loaders have this one object in common: constant text.
        synchronized (UNPACKED) {
            return openAlone(content, name, folders, loader);
        }
    }

    private static NativeLibrary openAlone(byte[] content, String name, List<Path> folders, Loader loader) {
        String property = UNPACKED + checksum(content);
        String unpacked = System.getProperty(property);
        if (unpacked != null && Unpacked.isWhole(Paths.get(unpacked), content)) {
            return loader.load(Paths.get(unpacked));
        }
        List<String> tried = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Path file = Unpacked.unpack(content, name, folder);
                NativeLibrary library = load(file, loader);
                System.setProperty(property, file.toString());
                return library;
            } catch (IOException failure) {
                tried.add(folder + ": " + failure);
            } catch (UnsatisfiedLinkError error) {
                tried.add(folder + ": " + Finder.reason(error));
            }
        }
        throw new UnsatisfiedLinkError("libossup cannot be unpacked, so name one in the property ossup.library, or a folder"
                + " that programs may be run from in java.io.tmpdir; tried " + String.join("; ", tried));
    }

    /** From a folder that nothing may be run from, loading fails, and the file is put away again. */
    private static NativeLibrary load(Path file, Loader loader) throws IOException {
        try {
            return loader.load(file);
        } catch (UnsatisfiedLinkError error) {
            Unpacked.delete(file);
            throw error;
        }
    }

    /** Where it may be unpacked, the first that serves. */
    static List<Path> folders() {
        List<Path> folders = new ArrayList<>();
        folders.add(Paths.get(System.getProperty("java.io.tmpdir")));
        String home = System.getProperty("user.home");
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .map(Paths::get)
                .orElseGet(() -> Paths.get(home, ".cache"));
        // Users without a home have "?" there.
        if (cache.isAbsolute()) {
            folders.add(cache);
        }
        return folders;
    }

    private static byte[] all(InputStream from) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[1 << 16];
        for (int count = from.read(some); count >= 0; count = from.read(some)) {
            all.write(some, 0, count);
        }
        return all.toByteArray();
    }

    private static String checksum(byte[] content) {
        try {
            return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(content)).toString(16);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }
}
