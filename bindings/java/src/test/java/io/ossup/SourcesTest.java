package io.ossup;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an upload's bytes may come from. */
class SourcesTest {
    private static final int SIZE = 3 * PART_SIZE + 1;

    @TempDir
    Path folder;

    private static UploadRequest request() {
        return new UploadRequest(StandIn.BUCKET, "object").partSize(PART_SIZE);
    }

    private static void arrives(UploadRequest request, byte[] expected) throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            UploadResult result = client.upload(request);
            assertEquals(expected.length, result.bytesTotal());
            assertArrayEquals(expected, server.object("object"));
        }
    }

    @Test
    void memory() throws Exception {
        arrives(request().uploadMemory(bytes(SIZE)), bytes(SIZE));
        arrives(request().uploadMemory(new byte[0]), new byte[0]);
    }

    @Test
    void buffersBetweenPositionAndLimit() throws Exception {
        byte[] expected = new byte[SIZE];
        System.arraycopy(bytes(2 * SIZE), 7, expected, 0, SIZE);
        for (ByteBuffer buffer : List.of(ByteBuffer.allocate(2 * SIZE), ByteBuffer.allocateDirect(2 * SIZE))) {
            buffer.put(bytes(2 * SIZE)).position(7).limit(SIZE + 7);
            UploadRequest request = request().uploadMemory(buffer);
            // The buffer is the caller's: where it stands later is of no interest.
            buffer.clear();
            arrives(request, expected);
            assertEquals(0, buffer.position());
        }
    }

    private static OssUpload begin(OssUploadClient client, List<WeakReference<ByteBuffer>> watched) throws Exception {
        ByteBuffer buffer = ByteBuffer.allocateDirect(SIZE);
        watched.add(new WeakReference<>(buffer));
        return client.uploadAsync(request().uploadMemory(buffer));
    }

    @Test
    void aDirectBufferIsKeptWhileItIsRead() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            server.hang(0);
            List<WeakReference<ByteBuffer>> watched = new ArrayList<>();
            OssUpload upload = begin(client, watched);
            System.gc();
            assertNotNull(watched.get(0).get());
            upload.pause();
            assertEquals(OssStatus.PAUSED, upload.ended().get().status());
        }
    }

    @Test
    void filesByAnyName() throws Exception {
        String file = make(folder, SIZE);
        arrives(request().uploadFile(file), bytes(SIZE));
        arrives(request().uploadFile(Path.of(file)), bytes(SIZE));
        arrives(request().uploadFile(new File(file)), bytes(SIZE));
    }

    @Test
    void aFileWhoseNameIsNoText() throws Exception {
        String file = make(folder, SIZE);
        // Java reads names, and cannot write this one.
        byte[] name = {'a', (byte) 0xff, '%', ' ', (byte) 0xc4, (byte) 0x80};
        String escaped = new String(name, StandardCharsets.ISO_8859_1)
                .replace("\u00ff", "\\0377")
                .replace("\u00c4\u0080", "\\0304\\0200");
        String move = "mv \"$1\" \"$(dirname \"$1\")/$(printf '%b' \"$2\")\"";
        assertEquals(0, new ProcessBuilder("sh", "-c", move, "sh", file, escaped).inheritIO().start().waitFor());
        try (Stream<Path> files = Files.list(folder)) {
            arrives(request().uploadFile(files.findFirst().orElseThrow()), bytes(SIZE));
        }
    }

    @Test
    void aPathThatIsNoFileOfTheSystems() throws Exception {
        try (FileSystem zip = FileSystems.newFileSystem(
                        folder.resolve("a.zip"), Map.of("create", "true"));
                StandIn server = new StandIn();
                OssUploadClient client = server.client()) {
            UploadRequest request = request().uploadFile(zip.getPath("/file"));
            OssUploadException refused = assertThrows(OssUploadException.class, () -> client.upload(request));
            assertEquals(OssStatus.INVALID_ARGUMENT, refused.status());
            assertTrue(refused.getMessage().contains("a.zip"), refused.getMessage());
        }
    }

    @Test
    void streamsOfUnknownAndOfKnownSize() throws Exception {
        arrives(request().uploadStream(new ByteArrayInputStream(bytes(SIZE))), bytes(SIZE));
        arrives(request().uploadStream(new ByteArrayInputStream(bytes(SIZE)), SIZE), bytes(SIZE));
        arrives(request().uploadStream(new ByteArrayInputStream(new byte[0])), new byte[0]);
    }

    /** As some streams do that have only begun to decompress. */
    @Test
    void aStreamThatGivesNothingForOnceIsNotAtItsEnd() throws Exception {
        arrives(request().uploadStream(new ByteArrayInputStream(bytes(SIZE)) {
            private boolean gives;

            @Override
            public int read(byte[] to) {
                gives = !gives;
                return read(to, 0, gives ? to.length : 0);
            }
        }), bytes(SIZE));
    }

    @Test
    void aStreamOfAnotherSizeThanWasSaidIsRefused() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            for (long size : List.of(SIZE - 1L, SIZE + 1L, -1L)) {
                UploadRequest request = request().uploadStream(new ByteArrayInputStream(bytes(SIZE)), size);
                OssUploadException refused = assertThrows(OssUploadException.class, () -> client.upload(request));
                assertEquals(OssStatus.INVALID_ARGUMENT, refused.status());
            }
            assertEquals(0, server.count("CompleteMultipartUpload"));
        }
    }

    /** Bytes, and then a failure. */
    private static InputStream failing(byte[] bytes, IOException failure) {
        return new InputStream() {
            private final InputStream good = new ByteArrayInputStream(bytes);

            @Override
            public int read() throws IOException {
                throw failure;
            }

            @Override
            public int read(byte[] to, int at, int length) throws IOException {
                int count = good.read(to, at, length);
                if (count < 0) {
                    throw failure;
                }
                return count;
            }
        };
    }

    @Test
    void aStreamThatFailsIsTheCause() throws Exception {
        IOException failure = new IOException("the tape is torn");
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            UploadRequest unknown = request().uploadStream(failing(bytes(SIZE), failure));
            OssUploadException aborted = assertThrows(OssUploadException.class, () -> client.upload(unknown));
            assertEquals(OssStatus.ABORTED, aborted.status());
            assertSame(failure, aborted.getCause());
            assertEquals("[]", server.uploads());

            UploadRequest known = request().enableCheckpoint(true).checkpointFile(folder.resolve("record"));
            known.uploadStream(failing(bytes(SIZE), failure), 2L * SIZE);
            OssUploadException paused = assertThrows(OssUploadException.class, () -> client.upload(known));
            assertEquals(OssStatus.PAUSED, paused.status());
            assertSame(failure, paused.getCause());

            known.uploadStream(new ByteArrayInputStream(bytes(2 * SIZE)), 2L * SIZE);
            assertThrows(OssUploadException.class, () -> client.upload(unknown));
            client.upload(known);
            assertArrayEquals(bytes(2 * SIZE), server.object("object"));
        }
    }

    @Test
    @SuppressWarnings("InputStreamSlowMultibyteRead") // It hangs at its first byte.
    void aStreamThatHangsHoldsUpNoPause() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        InputStream hanging = new InputStream() {
            @Override
            public int read() {
                asked.countDown();
                Waiting.uninterruptibly(resume::await);
                return -1;
            }
        };
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            OssUpload upload = client.uploadAsync(request().uploadStream(hanging));
            asked.await();
            upload.pause();
            assertEquals(OssStatus.PAUSED, upload.ended().get().status());
            resume.countDown();
        }
    }

    /** The library takes some parts of each; for the rest no thread waits. */
    @Test
    void streamsThatWaitForRoomNeedNoThread() throws Exception {
        try (StandIn server = new StandIn();
                OssUploadClient client = new OssUploadClient(
                        server.config().credentials(new OssCredentials("ak", "sk")).maxUploads(1))) {
            server.hang(0);
            List<OssUpload> uploads = new ArrayList<>();
            List<InputStream> streams = new ArrayList<>();
            for (int number = 0; number < 100; number++) {
                InputStream stream = new ByteArrayInputStream(bytes(SIZE));
                streams.add(stream);
                uploads.add(client.uploadAsync(request().key("key/" + number).uploadStream(stream, SIZE)));
            }
            while (streams.stream().anyMatch(SourcesTest::isUntouched)) {
                Thread.onSpinWait();
            }
            while (Thread.getAllStackTraces().keySet().stream().anyMatch(SourcesTest::pushes)) {
                Thread.onSpinWait();
            }
            assertFalse(uploads.get(0).isDone());
            server.clearFaults();
            uploads.get(0).pause();
            for (OssUpload upload : uploads.subList(1, uploads.size())) {
                assertEquals(OssStatus.OK, upload.get().status());
            }
        }
    }

    private static boolean isUntouched(InputStream stream) {
        try {
            return stream.available() == SIZE;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static boolean pushes(Thread thread) {
        return Stream.of(thread.getStackTrace()).anyMatch(frame -> frame.getClassName().equals(Pump.class.getName()));
    }
}
