package peers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What the command line asks for: one file in parts, or all files of a folder. */
record Job(
        String endpoint,
        String bucket,
        String key,
        Path path,
        long partSize,
        int taskNum,
        Path records,
        KeyStore trusted,
        boolean many) {

    interface Upload {
        void of(Path file) throws Exception;
    }

    static Job read(String[] words) throws IOException, GeneralSecurityException {
        if (words.length >= 5 && words[0].equals("many")) {
            return new Job(
                    words[1],
                    words[2],
                    null,
                    Path.of(words[3]),
                    0,
                    Integer.parseInt(words[4]),
                    null,
                    words.length > 5 ? trusting(Path.of(words[5])) : null,
                    true);
        }
        if (words.length < 7) {
            throw new IllegalArgumentException(
                    "usage: ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE],"
                            + " or many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]");
        }
        return new Job(
                words[0],
                words[1],
                words[2],
                Path.of(words[3]),
                Long.parseLong(words[4]),
                Integer.parseInt(words[5]),
                words[6].equals("-") ? null : Path.of(words[6]),
                words.length > 7 ? trusting(Path.of(words[7])) : null,
                false);
    }

    /** Uploads each file of the folder, so many at a time. */
    void forEachFile(Upload upload) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(taskNum);
        List<Future<?>> uploads = new ArrayList<>();
        try (var files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                uploads.add(workers.submit(() -> {
                    upload.of(file);
                    return null;
                }));
            }
        }
        workers.shutdown();
        for (Future<?> each : uploads) {
            each.get();
        }
    }

    private static KeyStore trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            store.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        return store;
    }
}
