package io.ossup;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths on their way to C: on Unix the very bytes that Java itself opens, whatever characters they are; elsewhere UTF-8. */
final class FileName {
    private static final int HEXADECIMAL = 16;

    private FileName() {}

    static byte[] toC(String name, Path path) throws OssUploadException {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw OssUploadException.invalidArgument(name + " is no file of the system's: " + path.toUri());
        }
        return File.separatorChar == '/' ? bytes(path) : Text.toC(name, path.toString());
    }

    static byte[] toC(String name, File file) throws OssUploadException {
        try {
            return toC(name, file.toPath());
        } catch (InvalidPathException unknownCharacters) {
            return Text.toC(name, file.getPath());
        }
    }

    /** With a NUL behind them. A path's text may have lost some, its URI has them all. */
    private static byte[] bytes(Path path) {
        String raw = path.toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < raw.length(); at++) {
            if (raw.charAt(at) == '%') {
                bytes.write(Integer.parseInt(raw.substring(at + 1, at + 3), HEXADECIMAL));
                at += 2;
            } else {
                bytes.write(raw.charAt(at));
            }
        }
        bytes.write(0);
        return bytes.toByteArray();
    }
}
