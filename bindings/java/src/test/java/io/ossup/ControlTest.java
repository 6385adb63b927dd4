package io.ossup;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static io.ossup.TestFiles.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.UploadProgress.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with an upload that runs, and on which thread what is told. */
class ControlTest {
    private static final int SIZE = 3 * PART_SIZE;
    private static final OssCredentials KEY = new OssCredentials("ak", "sk");

    @TempDir
    Path folder;

    @Test
    void anUploadMayBePausedFromAnywhere() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.hang(0);
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE)));
            upload.pause();
            ExecutionException thrown = assertThrows(ExecutionException.class, upload::get);
            OssUploadException paused = (OssUploadException) thrown.getCause();
            assertEquals(OssStatus.PAUSED, paused.status());
            assertNull(paused.getCause());
            assertSame(paused, paused.result().error());
            assertSame(paused.result(), upload.ended().get());

            // Nothing is left to be stopped.
            upload.pause();
            upload.abort();
            upload.setBandwidthLimit(0);
            assertEquals(0, upload.progress().bytesConfirmed());
        }
    }

    @Test
    void theEndCannotBeCancelled() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE)));
            upload.ended().cancel(true);
            assertEquals(OssStatus.OK, upload.ended().get().status());
            assertEquals(OssStatus.OK, upload.get().status());
            assertEquals(Phase.DONE, upload.progress().phase());
        }
    }

    @Test
    void bandwidthLimitsChangeWhileUploadsRun() throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(server.config().credentials(KEY).bandwidthLimit(1024))) {
            // A hundred seconds, as it begins.
            OssUpload upload = client.uploadAsync(request(make(folder, PART_SIZE)).bandwidthLimit(1024));
            client.setBandwidthLimit(0);
            upload.setBandwidthLimit(0);
            assertEquals(OssStatus.OK, upload.get(60, TimeUnit.SECONDS).status());
            for (long refused : List.of(-1L, 1L)) {
                assertThrows(OssUploadException.class, () -> client.setBandwidthLimit(refused));
            }
            server.hang(0);
            OssUpload running = client.uploadAsync(request(make(folder, SIZE)));
            for (long refused : List.of(-1L, 1L)) {
                assertThrows(OssUploadException.class, () -> running.setBandwidthLimit(refused));
            }
        }
    }

    @Test
    void aDeadlineStopsAsAPauseDoes() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.hang(0);
            UploadRequest request = request(make(folder, SIZE)).enableCheckpoint(true).deadline(Duration.ofNanos(1));
            OssUploadException late = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.DEADLINE_EXCEEDED, late.status());
            server.clearFaults();
            client.upload(request.deadline(Duration.ZERO));
            assertArrayEquals(bytes(SIZE), server.object("object"));
        }
    }

    @Test
    void listenersAndDependentsRunOnTheCallersExecutor() throws Exception {
        ExecutorService own = Executors.newSingleThreadExecutor(task -> new Thread(task, "the caller's own"));
        CountDownLatch attached = new CountDownLatch(1);
        own.execute(() -> Waiting.uninterruptibly(attached::await));
        CompletableFuture<String> listener = new CompletableFuture<>();
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(server.config().credentials(KEY).executor(own))) {
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE))
                    .progressListener(progress -> listener.complete(Thread.currentThread().getName())));
            CompletableFuture<String> dependent = upload.thenApply(result -> Thread.currentThread().getName());
            attached.countDown();
            assertEquals("the caller's own", dependent.get());
            assertEquals("the caller's own", listener.get());
        } finally {
            own.shutdown();
        }
    }

    private void endsWith(Executor executor) throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(server.config().credentials(KEY).executor(executor))) {
            assertEquals(OssStatus.OK, client.uploadAsync(request(make(folder, SIZE))).get().status());
        }
    }

    @Test
    void anExecutorThatRefusesHoldsUpNobody() throws Exception {
        endsWith(task -> {
            throw new RejectedExecutionException();
        });
        endsWith(task -> {
            throw new NoClassDefFoundError("what the executor needs");
        });
    }

    /** It runs in the call of cancel. */
    @Test
    void whatDependsOnACancelledUploadMayWaitForItsEnd() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.hang(0);
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE)));
            CompletableFuture<OssStatus> status = upload.handle((result, thrown) -> upload.ended().join().status());
            assertTrue(upload.cancel(true));
            assertTrue(upload.isCancelled());
            assertEquals(OssStatus.PAUSED, status.get());
        }
    }

    @Test
    void whatIsOverCannotBeCancelled() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE)));
            UploadResult result = upload.get();
            assertFalse(upload.cancel(true));
            assertSame(result, upload.get());
        }
    }

    /** Whatever would wait for the very thread that it runs on. */
    @Test
    void whatWouldWaitForItselfIsRefused() throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client =
                        new OssUploadClient(server.config().credentials(KEY).executor(Runnable::run))) {
            String file = make(folder, SIZE);
            CompletableFuture<Throwable> upload = new CompletableFuture<>();
            CompletableFuture<Throwable> close = new CompletableFuture<>();
            client.uploadAsync(request(file).progressListener(progress -> {
                        upload.complete(assertThrows(OssUploadException.class, () -> client.upload(request(file))));
                        close.complete(assertThrows(IllegalStateException.class, client::close));
                    }))
                    .get();
            assertEquals(OssStatus.WOULD_DEADLOCK, ((OssUploadException) upload.get()).status());
            assertTrue(close.get().getMessage().contains("thread of its own"));
            assertEquals(OssStatus.OK, client.upload(request(file)).status());
        }
    }

    @Test
    void aListenerMayStartAnotherUpload() throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client =
                        new OssUploadClient(server.config().credentials(KEY).executor(Runnable::run))) {
            String file = make(folder, SIZE);
            CompletableFuture<UploadResult> other = client.uploadAsync(request(file)).thenCompose(result -> {
                try {
                    return client.uploadAsync(request(file).key("other"));
                } catch (OssUploadException failure) {
                    throw new AssertionError(failure);
                }
            });
            assertEquals(OssStatus.OK, other.get().status());
            assertArrayEquals(bytes(SIZE), server.object("other"));
        }
    }

    @Test
    void aShutdownPausesAndMayBeRepeated() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.hang(0);
            OssUpload upload = client.uploadAsync(request(make(folder, SIZE)));
            assertTrue(client.shutdown(Duration.ofSeconds(Long.MAX_VALUE)));
            assertEquals(OssStatus.PAUSED, upload.ended().get().status());
            assertTrue(client.shutdown(Duration.ZERO));
            client.close();
            assertTrue(client.shutdown(Duration.ZERO));
            client.close();
            OssUploadException closed = assertThrows(OssUploadException.class, () -> client.setBandwidthLimit(0));
            assertEquals(OssStatus.SHUT_DOWN, closed.status());
            assertEquals("[]", server.uploads());
        }
    }

    @Test
    void javasOwnLoggingHasTheLines() throws Exception {
        java.util.logging.Logger javas = java.util.logging.Logger.getAnonymousLogger();
        List<Level> levels = new CopyOnWriteArrayList<>();
        javas.setUseParentHandlers(false);
        javas.setLevel(Level.ALL);
        javas.addHandler(new Handler() {
            @Override
            public void publish(LogRecord line) {
                levels.add(line.getLevel());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(
                        server.config().credentials(KEY).logger(LogLevel.TRACE, Logger.of(javas)))) {
            assertThrows(OssUploadException.class, () -> client.upload(request("/nowhere")));
            client.upload(request(make(folder, SIZE)));
        }
        assertTrue(levels.containsAll(List.of(Level.SEVERE, Level.INFO, Level.FINE, Level.FINER)), levels.toString());
    }

    @Test
    void theLibraryTellsOfItself() throws Exception {
        assertEquals(LibOssup.ABI_VERSION, Ossup.abiVersion());
        assertTrue(Ossup.diagnostics().contains(Ossup.version()), Ossup.diagnostics());
        Program program = Program.java(List.of(), LastWords.class.getName());
        assertEquals("INVALID_ARGUMENT true SHUT_DOWN\n", program.output());
    }

    /** What is done to a whole process: in one of its own. */
    static final class LastWords {
        public static void main(String[] arguments) throws Exception {
            Ossup.setWorkerThreads(1);
            OssUploadException refused = assertThrows(OssUploadException.class, () -> Ossup.setWorkerThreads(65));
            OssUploadClient client = new OssUploadClient(new OssUploadConfig().region("cn-hangzhou"));
            boolean isOver = Ossup.shutdown(Duration.ofSeconds(60));
            OssUploadException over = assertThrows(OssUploadException.class, () -> client.upload(request("/nowhere")));
            System.out.println(refused.status() + " " + isOver + " " + over.status());
        }
    }
}
