package io.ossup.bench;

import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.OssUploadException;
import io.ossup.UploadRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** What benches/ossup_upload.c and benches/ossup_many.c do, by this package: to be compared with them. */
final class Bench {
    private static final String USAGE = """
            usage: Bench upload ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]
                   Bench many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]""";

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        String what = arguments.length == 0 ? "" : arguments[0];
        if (what.equals("upload") && (arguments.length == 8 || arguments.length == 9)) {
            try (OssUploadClient client = client(arguments[1], arguments.length == 9 ? arguments[8] : null)) {
                upload(client, arguments);
            }
        } else if (what.equals("many") && (arguments.length == 5 || arguments.length == 6)) {
            try (OssUploadClient client = client(arguments[1], arguments.length == 6 ? arguments[5] : null)) {
                many(client, arguments[2], Path.of(arguments[3]), Integer.parseInt(arguments[4]));
            }
        } else {
            System.err.println(USAGE);
            System.exit(2);
        }
    }

    private static OssUploadClient client(String endpoint, String caFile) throws OssUploadException {
        OssUploadConfig config = new OssUploadConfig().endpoint(endpoint).region("cn-hangzhou").pathStyle(true);
        return new OssUploadClient(caFile == null ? config : config.caFile(caFile));
    }

    private static void upload(OssUploadClient client, String[] arguments) throws Exception {
        UploadRequest request = new UploadRequest(arguments[2], arguments[3], arguments[4])
                .partSize(Long.parseLong(arguments[5]))
                .taskNum(Integer.parseInt(arguments[6]));
        if (!arguments[7].equals("-")) {
            request.enableCheckpoint(true).checkpointDir(arguments[7]);
        }
        client.upload(request);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static void many(OssUploadClient client, String bucket, Path folder, int atATime) throws Exception {
        Semaphore free = new Semaphore(atATime);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (Path file : files(folder)) {
            free.acquire();
            UploadRequest request = new UploadRequest(bucket, file.getFileName().toString(), file);
            client.uploadAsync(request).whenComplete((result, thrown) -> {
                failure.compareAndSet(null, thrown);
                free.release();
            });
        }
        free.acquire(atATime);
        if (failure.get() != null) {
            throw new IOException("an upload failed", failure.get());
        }
    }
}
