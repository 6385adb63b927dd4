package io.ossup;

import static io.ossup.TestFiles.make;
import static io.ossup.TestFiles.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Life inside a Java virtual machine. */
class HostTest {
    private static final int MANY = 2000;
    private static final int UPLOADS = 10_000;
    private static final int AT_A_TIME = 100;
    private static final int UPLOADS_PER_COLLECTION = 20;

    @TempDir
    Path folder;

    private static int threads() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(text -> text.startsWith("Threads:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.substring("Threads:".length()).trim());
    }

    @Test
    void manyUploadsNeedFewThreads() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger most = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        int before = threads();
        CredentialsProvider provider = () -> {
            // Asked once, while all of them run.
            begun.await();
            most.accumulateAndGet(threads(), Math::max);
            return new OssCredentials("ak", "sk");
        };
        // The library opens and reads files by threads of its own, a few for each upload under way.
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(
                        server.config().credentialsProvider(provider).option("max_uploads", "8"))) {
            String file = make(folder, 1000);
            List<OssUpload> uploads = new ArrayList<>();
            for (int number = 0; number < MANY; number++) {
                UploadRequest request = new UploadRequest(StandIn.BUCKET, "key/" + number, file);
                uploads.add(client.uploadAsync(request.progressListener(progress -> told.incrementAndGet())));
            }
            begun.countDown();
            for (OssUpload upload : uploads) {
                assertEquals(OssStatus.OK, upload.get().status());
                most.accumulateAndGet(threads(), Math::max);
            }
            assertEquals(MANY, server.count("PutObject"));
            assertTrue(told.get() >= MANY);
        }
        assertTrue(most.get() - before < 50, most + " threads, " + before + " before");
    }

    /** Of each upload there is an event, a result and more; what is collected too early crashes, what is forgotten stays. */
    @Test
    void tenThousandUploadsWhileGarbageIsCollectedLeaveNothing() throws Exception {
        AtomicInteger told = new AtomicInteger();
        Semaphore free = new Semaphore(AT_A_TIME);
        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        CredentialsProvider provider = () -> new OssCredentials("ak", "sk", null, Instant.now().plusSeconds(1));
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(
                        server.config().credentialsProvider(provider).logger(LogLevel.TRACE, (level, line) -> {}))) {
            byte[] bytes = TestFiles.bytes(1000);
            for (int number = 0; number < UPLOADS; number++) {
                free.acquire();
                if (number % UPLOADS_PER_COLLECTION == 0) {
                    System.gc();
                }
                UploadRequest request = new UploadRequest(StandIn.BUCKET, "object")
                        .uploadMemory(bytes)
                        .progressListener(progress -> told.incrementAndGet());
                client.uploadAsync(request).whenComplete((result, failure) -> {
                    if (failure != null) {
                        failures.add(failure);
                    }
                    free.release();
                });
            }
            free.acquire(AT_A_TIME);
            assertEquals(List.of(), List.copyOf(failures));
            assertEquals(UPLOADS, server.count("PutObject"));
            assertTrue(told.get() >= UPLOADS, told + " times");
        }
        // A provider that was asked last may not have been let go of.
        while (Handle.OPEN.get() != 0) {
            Thread.onSpinWait();
        }
    }

    /** A program that forgets to close its client, and uploads once more while the machine shuts down. */
    static final class Forgetful {
        public static void main(String[] arguments) throws Exception {
            OssUploadClient client = new OssUploadClient(new OssUploadConfig()
                    .endpoint(arguments[0])
                    .region("cn-hangzhou")
                    .credentials(new OssCredentials("ak", "sk"))
                    .logger(LogLevel.TRACE, (level, message) -> {}));
            client.upload(request(arguments[1]).progressListener(progress -> {}));
            client.uploadAsync(request(arguments[1]).progressListener(progress -> {})).get();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> uploadOnceMore(client, arguments[1])));
        }

        private static void uploadOnceMore(OssUploadClient client, String file) {
            try {
                client.upload(request(file));
            } catch (OssUploadException | InterruptedException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    @Test
    void anIdleClientKeepsNoMachineAlive() throws Exception {
        try (StandIn server = new StandIn()) {
            exits(Forgetful.class, server, make(folder, 1000));
            assertEquals(3, server.count("PutObject"));
        }
    }

    /** A program that ends in the middle of an upload. */
    static final class Hasty {
        public static void main(String[] arguments) throws Exception {
            OssUploadClient client = new OssUploadClient(new OssUploadConfig()
                    .endpoint(arguments[0])
                    .region("cn-hangzhou")
                    .credentials(new OssCredentials("ak", "sk")));
            CountDownLatch sent = new CountDownLatch(1);
            client.uploadAsync(request(arguments[1]).progressListener(progress -> {
                if (progress.bytesConfirmed() > 0) {
                    sent.countDown();
                }
            }));
            sent.await();
        }
    }

    @Test
    void anUploadThatRunsKeepsNoMachineAlive() throws Exception {
        try (StandIn server = new StandIn()) {
            server.hang(1);
            exits(Hasty.class, server, make(folder, 300_000));
            assertEquals(0, server.count("CompleteMultipartUpload"));
        }
    }

    private static void exits(Class<?> program, StandIn server, String file) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dossup.library=" + System.getProperty("ossup.library"),
                        "-cp", System.getProperty("java.class.path"),
                        program.getName(), server.endpoint, file)
                .inheritIO()
                .start();
        boolean exited = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertTrue(exited);
        assertEquals(0, process.exitValue());
    }
}
