package io.ossup;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds libossup: where the property ossup.library says, in the folders of java.library.path, in the jar, or where the
 * system looks, in this order.
 */
final class Finder {
    private static final String NAME = System.mapLibraryName("ossup");

    private Finder() {}

    static NativeLibrary find() {
        String named = System.getProperty("ossup.library");
        if (named != null) {
            return open(named, "the property ossup.library");
        }
        for (String folder : System.getProperty("java.library.path", "").split(File.pathSeparator, -1)) {
            File file = new File(folder, NAME);
            if (!folder.isEmpty() && file.isFile()) {
                return open(file.getAbsolutePath(), "java.library.path");
            }
        }
        List<String> tried = new ArrayList<>();
        tried.add(NAME + " is in no folder of java.library.path");
        NativeLibrary found = Bundled.open(NAME, tried);
        return found != null ? found : ofSystem(tried);
    }

    private static NativeLibrary open(String name, String because) {
        try {
            return NativeLibrary.getInstance(name);
        } catch (UnsatisfiedLinkError error) {
            throw refusal("libossup, which " + because + " names, cannot be loaded: " + reason(error), error);
        }
    }

    private static NativeLibrary ofSystem(List<String> tried) {
        try {
            return NativeLibrary.getInstance("ossup");
        } catch (UnsatisfiedLinkError error) {
            tried.add("the system finds none");
            throw refusal("there is no libossup: " + String.join("; ", tried), error);
        }
    }

    /** What the system says, of which JNA tells besides where else it looked. */
    static String reason(UnsatisfiedLinkError error) {
        Throwable[] before = error.getSuppressed();
        return before.length > 0 ? before[0].getMessage() : error.getMessage();
    }

    private static UnsatisfiedLinkError refusal(String message, Throwable cause) {
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
        error.initCause(cause);
        return error;
    }
}
