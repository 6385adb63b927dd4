package io.ossup;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static io.ossup.TestFiles.request;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stopped upload leaves: tokens, records, parts on the server. */
class LeftoversTest {
    private static final int SIZE = 3 * PART_SIZE;

    @TempDir
    Path folder;

    /** An upload of three parts, of which one has arrived and the others hang. */
    private static OssUpload half(StandIn server, OssUploadClient client, UploadRequest request) throws Exception {
        server.hang(1);
        OssUpload upload = client.uploadAsync(request);
        while (upload.progress().partsConfirmed() < 1) {
            assertFalse(upload.isDone());
            Thread.onSpinWait();
        }
        return upload;
    }

    @Test
    void aTokenOfAnUploadThatRunsGoesOn() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            String file = make(folder, SIZE);
            OssUpload upload = half(server, client, request(file));
            String token = upload.resumeToken();
            upload.pause();
            UploadResult paused = upload.ended().get();
            assertEquals(OssStatus.PAUSED, paused.status());
            assertNull(paused.resumeToken());
            OssUploadException over = assertThrows(OssUploadException.class, upload::resumeToken);
            assertEquals(OssStatus.INVALID_STATE, over.status());
            goesOn(server, client, request(file).resumeToken(token));
        }
    }

    @Test
    void aTokenOfAResultGoesOn() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            String file = make(folder, SIZE);
            OssUpload upload = half(server, client, request(file).keepResumeToken(true));
            upload.cancel(true);
            assertTrue(upload.isCancelled());
            UploadResult paused = upload.ended().get();
            assertEquals(OssStatus.PAUSED, paused.status());
            assertNotNull(paused.resumeToken());
            goesOn(server, client, request(file).resumeToken(paused.resumeToken()));
        }
    }

    private static void goesOn(StandIn server, OssUploadClient client, UploadRequest request) throws Exception {
        server.clearFaults();
        UploadResult result = client.upload(request);
        assertTrue(result.isResumed());
        assertEquals(List.of(1, 2), List.of(result.partsReused(), result.partsSent()));
        assertNull(result.resumeToken());
        assertArrayEquals(bytes(SIZE), server.object("object"));
    }

    @Test
    void withoutATokenOrARecordAPauseLeavesNothing() throws Exception {
        try (StandIn server = new StandIn()) {
            try (OssUploadClient client = server.client()) {
                half(server, client, request(make(folder, SIZE))).pause();
            }
            assertEquals("[]", server.uploads());
        }
    }

    @Test
    void recordsAreReadAndDeleted() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            Path records = Files.createDirectory(folder.resolve("records"));
            String file = make(folder, SIZE);
            UploadRequest request = request(file).enableCheckpoint(true).checkpointDir(records);
            OssUpload upload = half(server, client, request);
            Path place = Path.of(UploadRecord.readAll(records).get(0).path());
            OssUploadException held = assertThrows(OssUploadException.class, () -> UploadRecord.delete(place));
            assertEquals(OssStatus.BUSY, held.status());
            upload.pause();
            UploadResult paused = upload.ended().get();
            assertEquals(place.toString(), paused.checkpointFile());

            UploadRecord record = UploadRecord.read(place);
            assertEquals(UploadRecord.State.UPLOADING, record.state());
            assertEquals(List.of(StandIn.BUCKET, "object"), List.of(record.bucketName(), record.key()));
            assertEquals(paused.uploadId(), record.uploadId());
            assertEquals(List.of(3, 1), List.of(record.partsTotal(), record.partsConfirmed()));
            assertEquals(PART_SIZE, record.partSize());
            assertEquals(List.of((long) SIZE, (long) PART_SIZE), List.of(record.bytesTotal(), record.bytesConfirmed()));
            assertNull(record.completingSince());

            UploadRecord.delete(place);
            assertEquals(List.of(), UploadRecord.readAll(records));
            OssUploadException gone = assertThrows(OssUploadException.class, () -> UploadRecord.read(place));
            assertEquals(OssStatus.CHECKPOINT_UNUSABLE, gone.status());
            assertTrue(gone.getMessage().contains(place.toString()), gone.getMessage());
        }
    }

    @Test
    void incompleteUploadsAreListedAndAborted() throws Exception {
        try (StandIn server = new StandIn(); OssUploadClient client = server.client()) {
            OssUpload upload = half(server, client, request(make(folder, SIZE)).enableCheckpoint(true));
            upload.pause();
            String uploadId = upload.ended().get().uploadId();
            assertEquals(List.of(), client.listIncompleteUploads(StandIn.BUCKET, "other/", Duration.ZERO));
            assertEquals(List.of(), client.listIncompleteUploads(StandIn.BUCKET, null, Duration.ofDays(1)));
            IncompleteUpload left = client.listIncompleteUploads(StandIn.BUCKET, "obj", Duration.ZERO).get(0);
            assertEquals(List.of("object", uploadId), List.of(left.key(), left.uploadId()));
            assertNotNull(left.initiated());
            client.abortIncompleteUpload(StandIn.BUCKET, left.key(), left.uploadId());
            assertEquals("[]", server.uploads());
            OssUploadException none = assertThrows(
                    OssUploadException.class, () -> client.listIncompleteUploads("other", null, Duration.ZERO));
            assertEquals(OssStatus.NO_SUCH_BUCKET, none.status());
        }
    }
}
