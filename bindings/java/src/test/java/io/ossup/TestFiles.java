package io.ossup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Files to upload. */
public final class TestFiles {
    public static final int PART_SIZE = 102400;

    private TestFiles() {}

    public static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** A file of random bytes. */
    public static String make(Path folder, int size) throws IOException {
        return Files.write(folder.resolve("file.bin"), bytes(size)).toString();
    }

    static UploadRequest request(String file) {
        return new UploadRequest(StandIn.BUCKET, "object", file);
    }
}
