package io.ossup.conformance;

import io.ossup.IncompleteUpload;
import io.ossup.LogLevel;
import io.ossup.OssCredentials;
import io.ossup.OssUpload;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.OssUploadException;
import io.ossup.UploadRecord;
import io.ossup.UploadRequest;
import io.ossup.UploadResult;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The driver that speaks Java: does what a file says and reports what came of it, line by line. */
final class Driver {
    private static final int UNABLE = 2;

    /** What is done with an upload that runs. */
    private interface Treatment {
        void of(OssUpload upload) throws IOException;
    }

    private final Order order;
    private final Provider provider;
    private final AtomicInteger logLines = new AtomicInteger();
    private final AtomicInteger logSecrets = new AtomicInteger();

    private Driver(Order order) {
        this.order = order;
        provider = new Provider(order.all("give", "give_failure"));
    }

    public static void main(String[] arguments) throws Exception {
        try {
            new Driver(Order.read(Path.of(arguments[0]))).run();
        } catch (IllegalArgumentException unable) {
            System.err.println(unable.getMessage());
            System.exit(UNABLE);
        }
    }

    private void run() throws Exception {
        try (OssUploadClient client = new OssUploadClient(config())) {
            act(client);
        } catch (OssUploadException failure) {
            Report.tell(failure);
        }
        if (asks()) {
            Report.tell("questions", provider.questions.get());
        }
        if (order.needed("act").equals("log")) {
            Report.tell("log_lines", logLines.get());
            Report.tell("log_secret", logSecrets.get());
        }
    }

    private boolean asks() {
        return !order.all("give", "give_failure").isEmpty();
    }

    private OssUploadConfig config() {
        OssUploadConfig config = new OssUploadConfig()
                .endpoint(order.needed("endpoint"))
                .region(order.needed("region"))
                .pathStyle(true);
        if (asks()) {
            config.credentialsProvider(provider);
        } else if (order.get("access_key_id") != null) {
            config.credentials(new OssCredentials(
                    order.get("access_key_id"), order.needed("access_key_secret"), order.get("security_token"), null));
        }
        order.all("config").forEach(line -> config.option(line.first(), line.rest()));
        if (order.needed("act").equals("log")) {
            String secret = order.needed("access_key_secret");
            config.logger(LogLevel.TRACE, (level, message) -> {
                logLines.incrementAndGet();
                logSecrets.addAndGet(message.contains(secret) ? 1 : 0);
            });
        }
        return config;
    }

    private UploadRequest request() {
        UploadRequest request = new UploadRequest(order.needed("bucket"), order.needed("key"), order.needed("file"));
        order.all("option").forEach(line -> request.option(line.first(), line.rest()));
        order.all("metadata").forEach(line -> request.userMetadata(line.first(), line.rest()));
        order.all("tag").forEach(line -> request.tag(line.first(), line.rest()));
        order.all("callback").forEach(line -> request.callback(line.first(), line.rest()));
        if (order.get("deadline_ms") != null) {
            request.deadline(Duration.ofMillis(Long.parseLong(order.get("deadline_ms"))));
        }
        return request.resumeToken(order.get("resume_token"));
    }

    private void act(OssUploadClient client) throws Exception {
        switch (order.needed("act")) {
            case "upload", "log" -> blocking(client, request());
            case "memory" -> blocking(client, request().uploadMemory(bytes()));
            case "stream" -> blocking(client, request().uploadStream(new ByteArrayInputStream(bytes())));
            case "stream_sized" ->
                    blocking(client, request().uploadStream(new ByteArrayInputStream(bytes()), bytes().length));
            case "stream_failing" -> blocking(client, request().uploadStream(half()));
            case "pause" -> treated(client, request(), OssUpload::pause);
            case "abort" -> treated(client, request(), OssUpload::abort);
            case "export" -> treated(client, request().keepResumeToken(true), OssUpload::pause);
            case "pause_in_progress" -> pauseInProgress(client);
            case "listener_fails" -> listenerFails(client);
            case "free_early" -> freeEarly(client);
            case "close_client" -> closeClient(client);
            case "twice" -> together(client, List.of(request(), request()));
            case "together" -> together(client);
            case "incomplete" -> abortIncomplete(client);
            case "record" -> deleteRecord();
            default -> throw new IllegalArgumentException("there is no act " + order.needed("act"));
        }
    }

    /** By the call that waits. */
    private static void blocking(OssUploadClient client, UploadRequest request) throws Exception {
        Listener listener = new Listener();
        request.progressListener(listener);
        try {
            Report.tell(client.upload(request));
        } catch (OssUploadException failure) {
            if (failure.result() == null) {
                throw failure;
            }
            Report.tell(failure.result());
        }
        listener.tell();
    }

    /** By the future, with something done to it once bytes were confirmed. */
    private static void treated(OssUploadClient client, UploadRequest request, Treatment treatment) throws Exception {
        Listener listener = new Listener();
        OssUpload upload = begin(client, request, listener);
        treatment.of(upload);
        Report.tell(upload.ended().get());
        listener.tell();
    }

    /** Returns once bytes were confirmed, or all is over. */
    private static OssUpload begin(OssUploadClient client, UploadRequest request, Listener listener) throws Exception {
        OssUpload upload = client.uploadAsync(request.progressListener(listener));
        upload.ended().thenRun(listener::over);
        listener.awaitBytes();
        return upload;
    }

    private void pauseInProgress(OssUploadClient client) throws Exception {
        CompletableFuture<OssUpload> started = new CompletableFuture<>();
        Listener listener = new Listener(() -> started.join().cancel(true));
        OssUpload upload = client.uploadAsync(request().progressListener(listener));
        started.complete(upload);
        Report.tell(upload.ended().get());
        listener.tell();
    }

    private void listenerFails(OssUploadClient client) throws Exception {
        try {
            client.upload(request().progressListener(progress -> {
                throw new IllegalStateException("listener: boom");
            }));
        } catch (OssUploadException failure) {
            Report.tell(failure.result());
        }
    }

    private void freeEarly(OssUploadClient client) throws Exception {
        begin(client, request(), new Listener());
        client.close();
        Report.tell("freed", "");
    }

    private void closeClient(OssUploadClient client) throws Exception {
        treated(client, request(), upload -> client.close());
        blocking(client, request());
    }

    private void together(OssUploadClient client) throws Exception {
        List<UploadRequest> requests = new ArrayList<>();
        for (int number = 0; number < Integer.parseInt(order.needed("count")); number++) {
            requests.add(request().key(order.needed("key") + '-' + number));
        }
        together(client, requests);
    }

    private static void together(OssUploadClient client, List<UploadRequest> requests) throws Exception {
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (UploadRequest request : requests) {
            CompletableFuture<UploadResult> ended = client.uploadAsync(request).ended();
            told.add(ended.thenAccept(Report::tell));
        }
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).get();
    }

    private void abortIncomplete(OssUploadClient client) throws OssUploadException {
        String bucket = order.needed("bucket");
        for (IncompleteUpload left : client.listIncompleteUploads(bucket, null, Duration.ZERO)) {
            Report.tell("incomplete", left.key());
            client.abortIncompleteUpload(bucket, left.key(), left.uploadId());
        }
        Report.tell("incomplete_left", client.listIncompleteUploads(bucket, null, Duration.ZERO).size());
        Report.tell("ended", "OK");
    }

    private void deleteRecord() throws OssUploadException {
        Path file = Path.of(order.needed("file"));
        UploadRecord record = UploadRecord.read(file);
        Report.tell("record", String.join(" ", List.of(
                record.state().toString(),
                record.bucketName(),
                Integer.toString(record.partsConfirmed()),
                Integer.toString(record.partsTotal()),
                record.key())));
        UploadRecord.delete(file);
        Report.tell("ended", "OK");
    }

    private byte[] bytes() throws IOException {
        return Files.readAllBytes(Path.of(order.needed("file")));
    }

    /** Half of the bytes, and then a failure. */
    @SuppressWarnings("InputStreamSlowMultibyteRead") // It fails at its first byte.
    private InputStream half() throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("source: boom");
            }
        };
        byte[] all = bytes();
        return new SequenceInputStream(new ByteArrayInputStream(Arrays.copyOf(all, all.length / 2)), failing);
    }
}
