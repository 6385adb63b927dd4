package io.ossup;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static io.ossup.TestFiles.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.UploadProgress.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadTest {
    private static final int ENOENT = 2;

    @TempDir
    Path folder;

    @Test
    void uploadsAFile() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            String file = make(folder, 5 * PART_SIZE + 1);
            UploadResult result = client.upload(request(file).taskNum(3));
            assertArrayEquals(bytes(5 * PART_SIZE + 1), server.object("object"));
            assertEquals(OssStatus.OK, result.status());
            assertEquals(List.of(6, 6, 0), List.of(result.partsTotal(), result.partsSent(), result.partsReused()));
            assertEquals(5 * PART_SIZE + 1, result.bytesTotal());
            assertEquals(5 * PART_SIZE + 1, result.bytesSent());
            assertEquals(0, result.bytesReused());
            assertEquals("", result.reason());
            assertNull(result.warning());
            assertNull(result.checkpointFile());
            assertNull(result.callbackBody());
            assertNotNull(result.etag());
            assertNotNull(result.requestId());
            assertNotNull(result.uploadId());
            assertNotEquals(0, result.crc64());
        }
    }

    @Test
    void uploadsUnderNamesOfAnyScript() throws Exception {
        assertEquals("GBK", System.getProperty("file.encoding"));
        String key = "目录/文件🎉.bin";
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            client.upload(new UploadRequest(StandIn.BUCKET, key, make(folder, 1000)));
            assertArrayEquals(bytes(1000), server.object(key));
        }
    }

    @Test
    void tellsProgressToTheEnd() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.slow();
            List<UploadProgress> told = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            client.upload(request(make(folder, 4 * PART_SIZE)).progressListener(progress -> {
                told.add(progress);
                threads.add(Thread.currentThread());
            }));
            for (int at = 1; at < told.size(); at++) {
                assertTrue(told.get(at).bytesConfirmed() >= told.get(at - 1).bytesConfirmed());
                assertTrue(told.get(at).phase().compareTo(told.get(at - 1).phase()) >= 0);
                assertSame(Thread.currentThread(), threads.get(at));
            }
            assertTrue(told.size() > 1, "told " + told.size() + " times");
            UploadProgress last = told.get(told.size() - 1);
            assertEquals(Phase.DONE, last.phase());
            assertEquals(List.of(4, 4), List.of(last.partsTotal(), last.partsConfirmed()));
            assertEquals(
                    List.of(4L * PART_SIZE, 4L * PART_SIZE, 0L, 0L),
                    List.of(last.bytesTotal(), last.bytesConfirmed(), last.bytesInFlight(), last.bytesReused()));
        }
    }

    /** Checks that the request goes on where it was paused, once the server is fast. */
    private static void goOn(StandIn server, OssUploadClient client, UploadRequest request, int kept) throws Exception {
        server.clearFaults();
        UploadResult result = client.upload(request.progressListener(null));
        assertTrue(result.isResumed());
        assertEquals(10, result.partsReused() + result.partsSent());
        assertTrue(result.partsReused() >= kept);
        // The one part that was under way may have arrived too late to be known.
        assertTrue(server.count("UploadPart") <= 11);
        assertArrayEquals(bytes(10 * PART_SIZE), server.object("object"));
        assertEquals(1, server.count("InitiateMultipartUpload"));
    }

    @Test
    void goesOnAfterAPause() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.slow();
            UploadRequest request = request(make(folder, 10 * PART_SIZE)).enableCheckpoint(true);
            Thread caller = Thread.currentThread();
            request.progressListener(progress -> {
                if (progress.partsConfirmed() >= 3) {
                    caller.interrupt();
                }
            });
            Throwable interrupt = assertThrows(InterruptedException.class, () -> client.upload(request));
            assertFalse(Thread.interrupted());
            OssUploadException paused = (OssUploadException) interrupt.getCause();
            assertEquals(OssStatus.PAUSED, paused.status());
            assertTrue(paused.result().isResumable());
            goOn(server, client, request, paused.result().partsSent());
        }
    }

    @Test
    void whoeverWasInterruptedBeforeBeginsNothing() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            UploadRequest request = request(make(folder, PART_SIZE));
            Thread.currentThread().interrupt();
            assertThrows(InterruptedException.class, () -> client.upload(request));
            assertFalse(Thread.interrupted());
            assertEquals(0, server.count("PutObject"));
        }
    }

    @Test
    void anInterruptThatStoppedNothingIsKept() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            UploadRequest request = request(make(folder, PART_SIZE)).progressListener(progress -> {
                if (progress.phase() == Phase.DONE) {
                    Thread.currentThread().interrupt();
                }
            });
            OssStatus status = client.upload(request).status();
            assertTrue(Thread.interrupted());
            assertEquals(OssStatus.OK, status);
        }
    }

    @Test
    void aCancelledFuturePausesTheUpload() throws Exception {
        try (StandIn server = new StandIn()) {
            server.slow();
            UploadRequest request = request(make(folder, 10 * PART_SIZE)).enableCheckpoint(true);
            CompletableFuture<Void> begun = new CompletableFuture<>();
            AtomicInteger kept = new AtomicInteger();
            request.progressListener(progress -> {
                kept.set(progress.partsConfirmed());
                if (progress.partsConfirmed() >= 1) {
                    begun.complete(null);
                }
            });
            try (OssUploadClient client = server.client()) {
                OssUpload upload = client.uploadAsync(request);
                begun.join();
                assertTrue(upload.cancel(true));
                assertThrows(CancellationException.class, upload::join);
            }
            assertEquals(0, server.count("CompleteMultipartUpload"));
            try (OssUploadClient client = server.client()) {
                goOn(server, client, request, kept.get());
            }
        }
    }

    @Test
    void anAbortLeavesNothing() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.slow();
            String file = make(folder, 10 * PART_SIZE);
            CompletableFuture<Void> begun = new CompletableFuture<>();
            OssUpload upload = client.uploadAsync(request(file).enableCheckpoint(true).progressListener(progress -> {
                if (progress.partsConfirmed() >= 1) {
                    begun.complete(null);
                }
            }));
            begun.join();
            upload.abort();
            ExecutionException thrown = assertThrows(ExecutionException.class, upload::get);
            OssUploadException aborted = (OssUploadException) thrown.getCause();
            assertEquals(OssStatus.ABORTED, aborted.status());
            assertFalse(aborted.result().isResumable());
            assertEquals("[]", server.uploads());
            assertFalse(Files.exists(Path.of(file + ".ucp")));
        }
    }

    @Test
    void aListenerThatFailsPausesTheUpload() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.slow();
            Error thrown = new Error("the listener's");
            UploadRequest request = request(make(folder, 10 * PART_SIZE)).enableCheckpoint(true);
            AtomicInteger calls = new AtomicInteger();
            request.progressListener(progress -> {
                if (progress.partsConfirmed() >= 1) {
                    calls.incrementAndGet();
                    throw thrown;
                }
            });
            OssUploadException paused = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.PAUSED, paused.status());
            assertSame(thrown, paused.getCause());
            assertEquals(1, calls.get());
            assertTrue(paused.result().isResumable());
        }
    }

    @Test
    void aListenerThatFailsTooLateIsTold() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            Error thrown = new Error("too late");
            UploadRequest request = request(make(folder, 1000)).progressListener(progress -> {
                if (progress.phase() == Phase.DONE) {
                    throw thrown;
                }
            });
            OssUploadException late = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.OK, late.status());
            assertSame(thrown, late.getCause());
            assertEquals(OssStatus.OK, late.result().status());
            assertArrayEquals(bytes(1000), server.object("object"));
        }
    }

    @Test
    void namesWhatIsWrongWithTheCredentials() throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client =
                        new OssUploadClient(server.config().credentials(new OssCredentials("ak", "wrong")))) {
            String file = make(folder, 2 * PART_SIZE);
            OssUploadException denied = assertThrows(OssUploadException.class, () -> client.upload(request(file)));
            assertEquals(OssStatus.ACCESS_DENIED, denied.status());
            assertEquals("InitiateMultipartUpload", denied.operation());
            assertEquals("SignatureDoesNotMatch", denied.ossCode());
            assertEquals(List.of(403, 1, 0), List.of(denied.httpStatus(), denied.attempts(), denied.partNumber()));
            assertFalse(denied.isTemporary());
            assertNotNull(denied.requestId());
            assertEquals(server.endpoint, "http://" + denied.host());
            assertEquals(OssStatus.ACCESS_DENIED, denied.result().status());
        }
    }

    @Test
    void namesWhatIsWrongWithTheFile() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            OssUploadException missing =
                    assertThrows(OssUploadException.class, () -> client.upload(request("/nowhere/file.bin")));
            assertEquals(OssStatus.SOURCE_UNREADABLE, missing.status());
            assertEquals(ENOENT, missing.osErrno());
            assertTrue(missing.getMessage().contains("/nowhere/file.bin"));
        }
    }

    @Test
    void refusesTextThatCWouldNotSeeToItsEnd() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            for (String key : List.of("a\0b", "half of a \ud83c")) {
                UploadRequest request = new UploadRequest(StandIn.BUCKET, key, "/file");
                OssUploadException refused = assertThrows(OssUploadException.class, () -> client.upload(request));
                assertEquals(OssStatus.INVALID_ARGUMENT, refused.status());
                assertTrue(refused.getMessage().startsWith("key has "), refused.getMessage());
            }
        }
    }

    @Test
    void refusesWhatTheLibraryDoesNotKnow() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            UploadRequest request = request("/file").option("part_sise", "1");
            OssUploadException refused = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.INVALID_ARGUMENT, refused.status());
            assertTrue(refused.getMessage().contains("part_sise"), refused.getMessage());
        }
    }

    @Test
    void aClosedClientPausesAndRefuses() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.slow();
            UploadRequest request = request(make(folder, 10 * PART_SIZE)).enableCheckpoint(true);
            request.progressListener(progress -> {
                if (progress.partsConfirmed() >= 1) {
                    client.close();
                }
            });
            OssUploadException paused = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.PAUSED, paused.status());
            assertEquals("the client is closed", paused.getCause().getMessage());
            OssUploadException refused = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.SHUT_DOWN, refused.status());
        }
    }

    @Test
    void theLogTellsWhatHappensAndNoSecret() throws Exception {
        List<String> lines = new ArrayList<>();
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(server.config()
                        .credentials(new OssCredentials("ak", "sk-not-to-be-told"))
                        .logger(LogLevel.TRACE, (level, message) -> lines.add(level + " " + message)))) {
            String file = make(folder, 1000);
            assertThrows(OssUploadException.class, () -> client.upload(request(file)));
        }
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("ERROR ") && line.contains("SignatureDoesNotMatch")));
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("INFO ")));
        assertTrue(lines.stream().noneMatch(line -> line.contains("not-to-be-told")));
    }

    @Test
    void aLogThatHangsHoldsUpNoUpload() throws Exception {
        CountDownLatch resume = new CountDownLatch(1);
        Logger hanging = (level, message) -> Waiting.uninterruptibly(resume::await);
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(
                        server.config().credentials(new OssCredentials("ak", "sk")).logger(LogLevel.INFO, hanging))) {
            client.upload(request(make(folder, 1000)));
            resume.countDown();
        }
    }

    /** An error is its own call's: whoever looks at one sees no other thread's. */
    @Test
    void errorsAreNeverMixedUp() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            ExecutorService threads = Executors.newFixedThreadPool(16);
            List<Future<?>> ended = new ArrayList<>();
            for (int number = 0; number < 16; number++) {
                UploadRequest request = new UploadRequest("Bucket-" + number, "object", "/file");
                String named = "\"Bucket-" + number + "\"";
                ended.add(threads.submit(() -> {
                    for (int time = 0; time < 1000; time++) {
                        OssUploadException refused =
                                assertThrows(OssUploadException.class, () -> client.upload(request));
                        assertTrue(refused.getMessage().contains(named), refused.getMessage());
                    }
                }));
            }
            for (Future<?> one : ended) {
                one.get();
            }
            threads.shutdown();
        }
    }

    @Test
    void aLibraryOfAnotherInterfaceIsRefused() {
        LibOssup.checkVersion(LibOssup.ABI_VERSION);
        assertThrows(UnsatisfiedLinkError.class, () -> LibOssup.checkVersion(LibOssup.ABI_VERSION + 1));
    }

    @Test
    void statusesAreTheHeaders() throws Exception {
        String header = Files.readString(Path.of("../../include/ossup.h"), StandardCharsets.UTF_8);
        int begin = header.indexOf("\nenum ossup_status");
        String statuses = header.substring(begin, header.indexOf("\n};", begin));
        for (OssStatus status : OssStatus.values()) {
            assertEquals(status != OssStatus.UNKNOWN, statuses.contains("OSSUP_" + status + " = " + status.number + ","));
        }
        long count = Pattern.compile(" = \\d+,").matcher(statuses).results().count();
        assertEquals(OssStatus.values().length, count + List.of(OssStatus.UNKNOWN).size());
    }
}
