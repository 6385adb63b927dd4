package io.ossup;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static io.ossup.TestFiles.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path folder;

    @Test
    void renewsCredentials() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        CredentialsProvider provider = () -> asked.incrementAndGet() == 1
                ? new OssCredentials("old", "secret", "token", null)
                : new OssCredentials("new", "secret", "token", Instant.now().plusSeconds(3600));
        String[] keys = {"--access-key", "old:secret:token:1000000000", "--access-key", "new:secret:token"};
        try (StandIn server = new StandIn(keys); OssUploadClient client = server.client(provider)) {
            String file = make(folder, 2 * PART_SIZE);
            client.upload(request(file));
            assertEquals(2, asked.get());
            client.upload(request(file));
            assertEquals(2, asked.get());
            assertArrayEquals(bytes(2 * PART_SIZE), server.object("object"));
        }
    }

    @Test
    void aProviderThatHangsHoldsUpNoEvent() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Thread caller = Thread.currentThread();
        CredentialsProvider provider = () -> {
            caller.interrupt();
            answer.await();
            return new OssCredentials("ak", "sk");
        };
        try (StandIn server = new StandIn(); OssUploadClient client = server.client(provider)) {
            String file = make(folder, 1000);
            Throwable interrupt = assertThrows(InterruptedException.class, () -> client.upload(request(file)));
            assertEquals(OssStatus.PAUSED, ((OssUploadException) interrupt.getCause()).status());
            answer.countDown();
            client.upload(request(file));
        }
    }

    @Test
    void whatAProviderSaysIsTheCause() throws Exception {
        Exception thrown = new IllegalStateException("the vault is sealed");
        CredentialsProvider failing = () -> {
            throw thrown;
        };
        try (StandIn server = new StandIn();
                OssUploadClient client = server.client(failing);
                OssUploadClient malformed = server.client(() -> new OssCredentials("", ""))) {
            String file = make(folder, 1000);
            OssUploadException failure = assertThrows(OssUploadException.class, () -> client.upload(request(file)));
            assertEquals(OssStatus.NO_CREDENTIALS, failure.status());
            assertSame(thrown, failure.getCause());
            assertTrue(failure.getMessage().contains("the vault is sealed"));

            failure = assertThrows(OssUploadException.class, () -> malformed.upload(request(file)));
            assertEquals(OssStatus.NO_CREDENTIALS, failure.status());
            assertEquals(OssStatus.INVALID_ARGUMENT, ((OssUploadException) failure.getCause()).status());
            assertTrue(failure.getMessage().contains("AccessKeyId"), failure.getMessage());
        }
    }

    @Test
    void whetherAskingAgainMayHelpIsToldByWhatIsThrown() throws Exception {
        for (Exception thrown : List.of(new IOException("no network"), new IllegalStateException("no key"))) {
            try (StandIn server = new StandIn();
                    OssUploadClient client = new OssUploadClient(
                            server.config().maxAttempts(1).credentialsProvider(() -> {
                                throw thrown;
                            }))) {
                UploadRequest request = request(make(folder, 1000));
                OssUploadException failure = assertThrows(OssUploadException.class, () -> client.upload(request));
                assertEquals(thrown instanceof IOException, failure.isTemporary());
            }
        }
    }
}
