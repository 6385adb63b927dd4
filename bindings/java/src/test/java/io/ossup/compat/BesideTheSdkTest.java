package io.ossup.compat;

import static io.ossup.TestFiles.PART_SIZE;
import static io.ossup.TestFiles.bytes;
import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ossup.StandIn;
import io.ossup.compat.event.ProgressEventType;
import io.ossup.compat.model.Callback;
import io.ossup.compat.model.CompleteMultipartUploadResult;
import io.ossup.compat.model.UploadFileRequest;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same done by the SDK and by these classes: what is the same, and what is not. */
class BesideTheSdkTest {
    private static final String PARTS = "{\"operation\":\"UploadPart\"}";
    private static final String THIRD_PART = "{\"operation\":\"UploadPart\",\"part_number\":3}";
    private static final String DENY = "{\"kind\":\"deny\"}";
    private static final int SIZE = 3 * PART_SIZE + 1;

    @TempDir
    Path folder;

    /** One that gives up at once. */
    private static com.aliyun.oss.OSS sdk(String endpoint, String secret) {
        com.aliyun.oss.ClientBuilderConfiguration configuration = new com.aliyun.oss.ClientBuilderConfiguration();
        configuration.setMaxErrorRetry(0);
        return new com.aliyun.oss.OSSClientBuilder().build(endpoint, "ak", secret, configuration);
    }

    private static com.aliyun.oss.OSS sdk(StandIn server) {
        return sdk(server.endpoint, "sk");
    }

    private static OSS ours(StandIn server) {
        return new OSSClientBuilder().build(server.endpoint, "ak", "sk");
    }

    private static com.aliyun.oss.model.UploadFileRequest sdkRequest(String file) {
        com.aliyun.oss.model.UploadFileRequest request =
                new com.aliyun.oss.model.UploadFileRequest(StandIn.BUCKET, "dir/k ü");
        request.setUploadFile(file);
        return request;
    }

    private static UploadFileRequest request(String file) {
        UploadFileRequest request = new UploadFileRequest(StandIn.BUCKET, "dir/k ü");
        request.setUploadFile(file);
        return request;
    }

    private static String text(InputStream from) throws Exception {
        return new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void resultsAreTheSame() throws Throwable {
        String endpoint = "http://oss-cn-hangzhou.aliyuncs.com";
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            String[] proxy = server.endpoint.replace("http://", "").split(":", -1);
            com.aliyun.oss.ClientBuilderConfiguration configuration = new com.aliyun.oss.ClientBuilderConfiguration();
            configuration.setProxyHost(proxy[0]);
            configuration.setProxyPort(Integer.parseInt(proxy[1]));
            com.aliyun.oss.OSS sdk = new com.aliyun.oss.OSSClientBuilder().build(endpoint, "ak", "sk", configuration);
            com.aliyun.oss.model.CompleteMultipartUploadResult there =
                    sdk.uploadFile(sdkRequest(file)).getMultipartUploadResult();
            sdk.shutdown();

            ClientBuilderConfiguration own = new ClientBuilderConfiguration();
            own.setProxyHost(proxy[0]);
            own.setProxyPort(Integer.parseInt(proxy[1]));
            OSS oss = new OSSClientBuilder().build(endpoint, "ak", "sk", own);
            CompleteMultipartUploadResult here = oss.uploadFile(request(file)).getMultipartUploadResult();
            oss.shutdown();

            assertEquals(there.getBucketName(), here.getBucketName());
            assertEquals(there.getKey(), here.getKey());
            assertEquals(there.getETag(), here.getETag());
            assertEquals(there.getLocation(), here.getLocation());
            assertEquals(there.getServerCRC(), here.getServerCRC());
            assertEquals(there.getClientCRC(), here.getClientCRC());
            assertEquals(there.getVersionId(), here.getVersionId());
            assertNotNull(here.getRequestId());
            assertNull(here.getCallbackResponseBody());
            assertArrayEquals(bytes(SIZE), server.object("dir/k ü"));
        }
    }

    /** Events with their bytes, where those that follow each other are one. */
    private static final class Heard {
        private final List<String> types = Collections.synchronizedList(new ArrayList<>());
        private long bytes;

        synchronized void hear(String type, long more) {
            if (types.isEmpty() || !types.get(types.size() - 1).equals(type)) {
                types.add(type);
            }
            if (type.equals(ProgressEventType.REQUEST_BYTE_TRANSFER_EVENT.name())) {
                bytes += more;
            } else if (more != 0) {
                types.add(Long.toString(more));
            }
        }
    }

    private static Heard sdkUpload(StandIn server, com.aliyun.oss.model.UploadFileRequest request) {
        Heard heard = new Heard();
        request.setProgressListener(event -> heard.hear(event.getEventType().name(), event.getBytes()));
        com.aliyun.oss.OSS sdk = sdk(server);
        try {
            sdk.uploadFile(request);
        } catch (Throwable failure) {
            heard.hear(((com.aliyun.oss.OSSException) failure).getErrorCode(), 0);
        }
        sdk.shutdown();
        return heard;
    }

    private static Heard upload(StandIn server, UploadFileRequest request) {
        Heard heard = new Heard();
        request.setProgressListener(event -> heard.hear(event.getEventType().name(), event.getBytes()));
        OSS oss = ours(server);
        try {
            oss.uploadFile(request);
        } catch (Throwable failure) {
            heard.hear(((OSSException) failure).getErrorCode(), 0);
        }
        oss.shutdown();
        return heard;
    }

    @Test
    void eventsAreTheSame() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            Heard there = sdkUpload(server, sdkRequest(file));
            Heard here = upload(server, request(file));
            assertEquals(there.types, here.types);
            assertEquals(SIZE, there.bytes);
            assertEquals(SIZE, here.bytes);
        }
    }

    @Test
    void eventsOfOneThatGoesOnAreTheSame() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            com.aliyun.oss.model.UploadFileRequest sdkRequest = sdkRequest(file);
            sdkRequest.setEnableCheckpoint(true);
            UploadFileRequest request = request(file);
            request.setEnableCheckpoint(true);
            request.setCheckpointFile(file + ".record");

            server.fault(THIRD_PART, DENY);
            assertEquals(
                    List.of("TRANSFER_PART_FAILED_EVENT", "AccessDenied"), tail(sdkUpload(server, sdkRequest).types, 2));
            // The end of the upload is told, too.
            assertEquals(
                    List.of("TRANSFER_PART_FAILED_EVENT", "TRANSFER_FAILED_EVENT", "AccessDenied"),
                    tail(upload(server, request).types, 3));
            server.clearFaults();

            Heard there = sdkUpload(server, sdkRequest);
            Heard here = upload(server, request);
            assertEquals(there.types, here.types);
            assertEquals(SIZE, here.bytes);
        }
    }

    private static List<String> tail(List<String> all, int count) {
        return all.subList(all.size() - count, all.size());
    }

    @Test
    void theObjectIsThereBeforeTheTransferIsCompleted() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            server.fault("{\"operation\":\"CompleteMultipartUpload\"}", DENY);
            assertEquals(
                    List.of("TRANSFER_COMPLETED_EVENT", "AccessDenied"),
                    tail(sdkUpload(server, sdkRequest(file)).types, 2));
            assertEquals(
                    List.of("TRANSFER_FAILED_EVENT", "AccessDenied"), tail(upload(server, request(file)).types, 2));
        }
    }

    @Test
    void whatAListenerThrowsComesOut() throws Throwable {
        RuntimeException thrown = new RuntimeException("the listener's");
        try (StandIn server = new StandIn()) {
            com.aliyun.oss.model.UploadFileRequest sdkRequest = sdkRequest(make(folder, SIZE));
            sdkRequest.setProgressListener(event -> {
                throw thrown;
            });
            com.aliyun.oss.OSS sdk = sdk(server);
            assertSame(thrown, assertThrows(RuntimeException.class, () -> sdk.uploadFile(sdkRequest)));
            sdk.shutdown();

            UploadFileRequest request = request(make(folder, SIZE));
            request.setProgressListener(event -> {
                throw thrown;
            });
            OSS oss = ours(server);
            assertSame(thrown, assertThrows(RuntimeException.class, () -> oss.uploadFile(request)));
            oss.shutdown();
        }
    }

    @Test
    void refusalsAreTheSame() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            com.aliyun.oss.OSS sdk = sdk(server.endpoint, "wrong");
            com.aliyun.oss.OSSException there =
                    assertThrows(com.aliyun.oss.OSSException.class, () -> sdk.uploadFile(sdkRequest(file)));
            sdk.shutdown();

            OSS oss = new OSSClientBuilder().build(server.endpoint, "ak", "wrong");
            OSSException here = assertThrows(OSSException.class, () -> oss.uploadFile(request(file)));
            oss.shutdown();

            assertEquals("SignatureDoesNotMatch", there.getErrorCode());
            assertEquals(there.getErrorCode(), here.getErrorCode());
            assertEquals(there.getHostId(), here.getHostId());
            assertEquals(there.getEC(), here.getEC());
            assertNotEquals(there.getRequestId(), here.getRequestId());
            assertNotNull(here.getRequestId());
            // One line that says it all.
            assertTrue(here.getMessage().contains(here.getRequestId()), here.getMessage());
            assertEquals(here.getMessage(), here.getErrorMessage());
        }
    }

    @Test
    void callbacksAreTheSame() throws Throwable {
        try (StandIn server = new StandIn(); CallbackServer application = new CallbackServer()) {
            String file = make(folder, SIZE);
            String body = "object=${object}&from=${x:from}";
            com.aliyun.oss.model.Callback sdkCallback = new com.aliyun.oss.model.Callback();
            sdkCallback.setCallbackUrl(application.url);
            sdkCallback.setCallbackBody(body);
            sdkCallback.addCallbackVar("x:from", "here");
            com.aliyun.oss.model.UploadFileRequest sdkRequest = sdkRequest(file);
            sdkRequest.setCallback(sdkCallback);
            com.aliyun.oss.OSS sdk = sdk(server);
            String there = text(sdk.uploadFile(sdkRequest).getMultipartUploadResult().getResponse().getContent());

            Callback callback = new Callback();
            callback.setCallbackUrl(application.url);
            callback.setCallbackBody(body);
            callback.addCallbackVar("x:from", "here");
            UploadFileRequest request = request(file);
            request.setCallback(callback);
            OSS oss = ours(server);
            CompleteMultipartUploadResult here = oss.uploadFile(request).getMultipartUploadResult();
            assertEquals(CallbackServer.ANSWER, there);
            assertEquals(there, text(here.getCallbackResponseBody()));
            // The SDK knows nothing else of the object then.
            assertNotNull(here.getETag());
            assertEquals(2, application.heard().size());
            assertEquals(application.heard().get(0), application.heard().get(1));

            application.close();
            com.aliyun.oss.OSSException failed =
                    assertThrows(com.aliyun.oss.OSSException.class, () -> sdk.uploadFile(sdkRequest));
            OSSException failure = assertThrows(OSSException.class, () -> oss.uploadFile(request));
            assertEquals("CallbackFailed", failed.getErrorCode());
            assertEquals(failed.getErrorCode(), failure.getErrorCode());
            sdk.shutdown();
            oss.shutdown();
        }
    }

    @Test
    void anEmptyFileIsUploaded() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, 0);
            com.aliyun.oss.OSS sdk = sdk(server);
            assertThrows(com.aliyun.oss.OSSException.class, () -> sdk.uploadFile(sdkRequest(file)));
            sdk.shutdown();
            Heard heard = upload(server, request(file));
            assertEquals(
                    List.of("TRANSFER_STARTED_EVENT", "REQUEST_CONTENT_LENGTH_EVENT", "TRANSFER_COMPLETED_EVENT"),
                    heard.types);
            assertArrayEquals(bytes(0), server.object("dir/k ü"));
        }
    }

    @Test
    void aFailureWithoutACheckpointLeavesNothing() throws Throwable {
        String file = make(folder, SIZE);
        try (StandIn server = new StandIn()) {
            server.fault(PARTS, DENY);
            sdkUpload(server, sdkRequest(file));
            assertNotEquals("[]", server.uploads());
        }
        try (StandIn server = new StandIn()) {
            server.fault(PARTS, DENY);
            upload(server, request(file));
            assertEquals("[]", server.uploads());
        }
    }

    @Test
    void aRecordOfTheSdksIsLeftAlone() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            Path record = Path.of(file + ".ucp");
            com.aliyun.oss.model.UploadFileRequest sdkRequest = sdkRequest(file);
            sdkRequest.setEnableCheckpoint(true);
            server.fault(THIRD_PART, DENY);
            sdkUpload(server, sdkRequest);
            server.clearFaults();
            byte[] written = Files.readAllBytes(record);

            UploadFileRequest request = request(file);
            request.setEnableCheckpoint(true);
            request.setCheckpointFile(record.toString());
            OSS oss = ours(server);
            ClientException refused = assertThrows(ClientException.class, () -> oss.uploadFile(request));
            assertEquals("CHECKPOINT_FOREIGN", refused.getErrorCode());
            assertTrue(refused.getMessage().contains(record.toString()), refused.getMessage());
            assertArrayEquals(written, Files.readAllBytes(record));

            // Where nobody named a place, there is another one.
            request.setCheckpointFile(null);
            oss.uploadFile(request);
            oss.shutdown();
            assertArrayEquals(bytes(SIZE), server.object("dir/k ü"));
            assertArrayEquals(written, Files.readAllBytes(record));
        }
    }

    @Test
    void theRequestStaysAsItIs() throws Throwable {
        try (StandIn server = new StandIn()) {
            String file = make(folder, SIZE);
            com.aliyun.oss.model.UploadFileRequest sdkRequest = sdkRequest(file);
            sdkRequest.setEnableCheckpoint(true);
            sdkUpload(server, sdkRequest);
            assertNotNull(sdkRequest.getCheckpointFile());

            UploadFileRequest request = request(file);
            request.setEnableCheckpoint(true);
            upload(server, request);
            assertNull(request.getCheckpointFile());
        }
    }
}
