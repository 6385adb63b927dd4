package io.ossup.compat;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.OssStatus;
import io.ossup.OssUploadException;
import io.ossup.StandIn;
import io.ossup.compat.event.ProgressEventType;
import io.ossup.compat.model.Callback;
import io.ossup.compat.model.CannedAccessControlList;
import io.ossup.compat.model.ObjectMetadata;
import io.ossup.compat.model.Payer;
import io.ossup.compat.model.StorageClass;
import io.ossup.compat.model.UploadFileRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a request. */
class UploadFileTest {
    @TempDir
    Path folder;

    private UploadFileRequest request(int size) throws Exception {
        return new UploadFileRequest(StandIn.BUCKET, "object", make(folder, size), PART_SIZE, 1, true);
    }

    private static OSS client(StandIn server) {
        return new OSSClientBuilder().build(server.endpoint, "ak", "sk");
    }

    private static void assertCarries(StandIn server, String operation, String name, String value) {
        String ledger = server.ledger(operation);
        assertTrue(ledger.contains("[\"" + name + "\",\"" + value + "\"]"), ledger);
    }

    @Test
    void metadataGoesWithTheCallsThatCarryIt() throws Throwable {
        ObjectMetadata metadata = new ObjectMetadata();
        metadata.setContentType("text/plain");
        metadata.setContentEncoding("gzip");
        metadata.setCacheControl("no-cache");
        metadata.setHeader(" Content-Disposition ", " inline ");
        metadata.setExpirationTime(new Date(0));
        metadata.setObjectAcl(CannedAccessControlList.PublicRead);
        metadata.setHeader("x-oss-storage-class", StorageClass.IA);
        metadata.setServerSideEncryption(ObjectMetadata.KMS_SERVER_SIDE_ENCRYPTION);
        metadata.setServerSideEncryptionKeyId("key-id");
        metadata.setServerSideDataEncryption("SM4");
        metadata.setObjectTagging(Map.of("a b", "c/d"));
        metadata.addUserMetadata("author", " me ");
        metadata.addUserMetadata("reader", null);
        metadata.setContentLength(5);
        metadata.setLastModified(new Date(0));
        UploadFileRequest request = request(1000);
        request.setObjectMetadata(metadata);
        request.setTrafficLimit(819200);
        request.setRequestPayer(Payer.Requester);
        request.addHeader("Content-Language", "de");
        request.addHeader("cache-control", "no-store");
        try (StandIn server = new StandIn()) {
            OSS oss = client(server);
            oss.uploadFile(request);
            oss.shutdown();
            String initiate = "InitiateMultipartUpload";
            assertCarries(server, initiate, "content-type", "text/plain");
            assertCarries(server, initiate, "content-encoding", "gzip");
            assertCarries(server, initiate, "content-disposition", "inline");
            assertCarries(server, initiate, "cache-control", "no-store");
            assertCarries(server, initiate, "content-language", "de");
            assertCarries(server, initiate, "expires", "Thu, 01 Jan 1970 00:00:00 GMT");
            assertCarries(server, initiate, "x-oss-storage-class", "IA");
            assertCarries(server, initiate, "x-oss-server-side-encryption", "KMS");
            assertCarries(server, initiate, "x-oss-server-side-encryption-key-id", "key-id");
            assertCarries(server, initiate, "x-oss-server-side-data-encryption", "SM4");
            assertCarries(server, initiate, "x-oss-tagging", "a%20b=c%2Fd");
            assertCarries(server, initiate, "x-oss-meta-author", "me");
            assertFalse(server.ledger(initiate).contains("x-oss-meta-reader"));
            assertCarries(server, initiate, "content-length", "0");
            assertFalse(server.ledger(initiate).contains("last-modified"));
            assertCarries(server, "UploadPart", "x-oss-traffic-limit", "819200");
            assertCarries(server, "UploadPart", "x-oss-request-payer", "requester");
            assertCarries(server, "CompleteMultipartUpload", "x-oss-object-acl", "public-read");
        }
    }

    @Test
    void aFileOfOnePartGoesInPartsToo() throws Throwable {
        try (StandIn server = new StandIn()) {
            OSS oss = client(server);
            oss.uploadFile(request(1000));
            oss.shutdown();
            assertEquals(1, server.count("CompleteMultipartUpload"));
            assertEquals(0, server.count("PutObject"));
        }
    }

    @Test
    void aCallbackIsMadeOfAllItsParts() throws Throwable {
        try (StandIn server = new StandIn(); CallbackServer application = new CallbackServer()) {
            Callback callback = new Callback();
            callback.setCallbackUrl(application.url);
            callback.setCallbackHost("app.example.com");
            callback.setCallbackBody("{\"object\":${object},\"by\":${x:by}}");
            callback.setCalbackBodyType(Callback.CalbackBodyType.JSON);
            callback.setCallbackSNI(true);
            callback.setCallbackVar(Map.of("x:by", "me"));
            UploadFileRequest request = request(1000);
            request.setCallback(callback);
            OSS oss = client(server);
            oss.uploadFile(request);
            oss.shutdown();
            assertEquals("{\"object\":\"object\",\"by\":\"me\"}", application.heard().get(0));
            String ledger = server.ledger("CompleteMultipartUpload");
            String header = ledger.replaceAll("(?s).*\\[\"x-oss-callback\",\"([^\"]*)\"].*", "$1");
            String json = new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8);
            assertTrue(json.contains("\"callbackHost\":\"app.example.com\""), json);
            assertTrue(json.contains("\"callbackSNI\":true"), json);
        }
    }

    private void assertRefused(OSS oss, String named, Consumer<UploadFileRequest> wrong) throws Exception {
        UploadFileRequest request = request(1000);
        wrong.accept(request);
        RuntimeException refused = assertThrows(IllegalArgumentException.class, () -> oss.uploadFile(request));
        assertTrue(refused.getMessage().toLowerCase(Locale.ROOT).contains(named), refused.getMessage());
    }

    @Test
    void whatCannotBeHonouredIsRefusedByName() throws Throwable {
        try (StandIn server = new StandIn()) {
            OSS oss = client(server);
            assertRefused(oss, "sequentialmode", request -> request.setSequentialMode(true));
            assertRefused(oss, "partsize", request -> request.setPartSize(102399));
            assertRefused(oss, "bucket", request -> request.setBucketName("Bad_Bucket"));
            assertRefused(oss, "bucket", request -> request.setBucketName(null));
            assertRefused(oss, "key", request -> request.setKey(null));
            assertRefused(oss, "file", request -> request.setUploadFile(null));
            assertRefused(oss, "content-md5", request -> {
                ObjectMetadata metadata = new ObjectMetadata();
                metadata.setContentMD5("sum");
                request.setObjectMetadata(metadata);
            });
            assertRefused(oss, "acl", request -> {
                ObjectMetadata metadata = new ObjectMetadata();
                metadata.setObjectAcl(CannedAccessControlList.AuthenticatedRead);
                request.setObjectMetadata(metadata);
            });
            assertRefused(oss, "disposition", request -> {
                ObjectMetadata metadata = new ObjectMetadata();
                metadata.setContentDisposition("attachment; filename=\u6587\u4ef6");
                request.setObjectMetadata(metadata);
            });
            assertThrows(NullPointerException.class, () -> oss.uploadFile(null));
            oss.shutdown();
            assertEquals("[]", server.ledger("InitiateMultipartUpload"));
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws Throwable {
        try (StandIn server = new StandIn()) {
            OSS oss = client(server);
            UploadFileRequest request = new UploadFileRequest(StandIn.BUCKET, "object");
            request.setUploadFile("/nowhere/file");
            ClientException missing = assertThrows(ClientException.class, () -> oss.uploadFile(request));
            assertEquals("SOURCE_UNREADABLE", missing.getErrorCode());
            assertTrue(missing.getMessage().contains("/nowhere/file"), missing.getMessage());
            assertEquals(OssStatus.SOURCE_UNREADABLE, ((OssUploadException) missing.getCause()).status());
            oss.shutdown();
        }
    }

    @Test
    void anInterruptStopsItAndTheSameRequestGoesOn() throws Throwable {
        try (StandIn server = new StandIn()) {
            server.hang(2);
            OSS oss = client(server);
            UploadFileRequest request = request(10 * PART_SIZE);
            Thread caller = Thread.currentThread();
            request.setProgressListener(event -> {
                if (event.getEventType() == ProgressEventType.REQUEST_BYTE_TRANSFER_EVENT) {
                    caller.interrupt();
                }
            });
            assertThrows(InterruptedException.class, () -> oss.uploadFile(request));
            assertFalse(Thread.interrupted());
            assertTrue(Files.exists(Path.of(request.getUploadFile() + ".ucp")));
            server.clearFaults();

            oss.uploadFile(request.<UploadFileRequest>withProgressListener(null));
            oss.shutdown();
            assertEquals(1, server.count("InitiateMultipartUpload"));
            assertArrayEquals(bytes(10 * PART_SIZE), server.object("object"));
        }
    }

    @Test
    void aShutdownStopsWhatRunsAndRefusesWhatComes() throws Throwable {
        try (StandIn server = new StandIn()) {
            server.hang(2);
            OSS oss = client(server);
            UploadFileRequest request = request(10 * PART_SIZE);
            request.setProgressListener(event -> {
                if (event.getEventType() == ProgressEventType.REQUEST_BYTE_TRANSFER_EVENT) {
                    oss.shutdown();
                }
            });
            ClientException stopped = assertThrows(ClientException.class, () -> oss.uploadFile(request));
            assertEquals("PAUSED", stopped.getErrorCode());
            ClientException refused = assertThrows(ClientException.class, () -> oss.uploadFile(request));
            assertEquals("SHUT_DOWN", refused.getErrorCode());
            oss.shutdown();
        }
    }

    @Test
    void anObjectThatMustNotBeOverwrittenIsNot() throws Throwable {
        try (StandIn server = new StandIn()) {
            OSS oss = client(server);
            UploadFileRequest request = request(1000);
            request.addHeader("x-oss-forbid-overwrite", "true");
            oss.uploadFile(request);
            OSSException refused = assertThrows(OSSException.class, () -> oss.uploadFile(request));
            assertEquals("FileAlreadyExists", refused.getErrorCode());
            oss.shutdown();
        }
    }

    @Test
    void aRequestRemembersWhatItWasGiven() {
        UploadFileRequest request = new UploadFileRequest("bucket", "key");
        assertEquals(100 * 1024, request.getPartSize());
        assertEquals(1, request.getTaskNum());
        assertFalse(request.isEnableCheckpoint());
        assertNull(request.getCheckpointFile());
        request.setTaskNum(0);
        assertEquals(1, request.getTaskNum());
        request.setTaskNum(2000);
        assertEquals(1000, request.getTaskNum());
        request.withBucketName("other").withKey("name");
        assertEquals("other", request.getBucketName());
        assertEquals("name", request.getKey());
    }
}
