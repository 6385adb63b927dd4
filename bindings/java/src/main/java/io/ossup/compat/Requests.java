package io.ossup.compat;

import io.ossup.UploadRequest;
import io.ossup.compat.model.Callback;
import io.ossup.compat.model.ObjectMetadata;
import io.ossup.compat.model.Payer;
import io.ossup.compat.model.UploadFileRequest;
import java.io.File;
import java.nio.file.Paths;
import java.util.Map;
import java.util.TreeMap;

/** Makes the library's own requests. */
final class Requests {
    /** Headers of which the library knows what they may say, by its options. */
    private static final Map<String, String> OPTIONS = options();

    private Requests() {}

    private static Map<String, String> options() {
        Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String option : new String[] {
            "object_acl",
            "storage_class",
            "server_side_encryption",
            "server_side_encryption_key_id",
            "server_side_data_encryption",
        }) {
            options.put("x-oss-" + option.replace('_', '-'), option);
        }
        return options;
    }

    static UploadRequest of(UploadFileRequest from) {
        if (Boolean.TRUE.equals(from.getSequentialMode())) {
            throw new IllegalArgumentException("sequentialMode: parts go in any order, leave it away");
        }
        UploadRequest request = new UploadRequest(from.getBucketName(), from.getKey())
                .taskNum(from.getTaskNum())
                .partSize(from.getPartSize())
                .enableCheckpoint(from.isEnableCheckpoint())
                // Who listens for the events of a bucket hears of the same requests as before.
                .forceMultipart(true);
        if (from.getUploadFile() != null) {
            request.uploadFile(new File(from.getUploadFile()));
        }
        if (from.getCheckpointFile() != null) {
            request.checkpointFile(Paths.get(from.getCheckpointFile()));
        }
        if (from.getTrafficLimit() != 0) {
            request.trafficLimit(from.getTrafficLimit());
        }
        if (from.getRequestPayer() == Payer.Requester) {
            request.requestPayer("requester");
        }
        describe(request, from);
        if (from.getCallback() != null) {
            callBack(request, from.getCallback());
        }
        return request;
    }

    private static void describe(UploadRequest request, UploadFileRequest from) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ObjectMetadata metadata = from.getObjectMetadata();
        if (metadata != null) {
            metadata.getRawMetadata().forEach((name, value) -> headers.put(name.trim(), value.toString().trim()));
            headers.remove("Content-Length");
            headers.remove("Last-Modified");
            metadata.getUserMetadata().forEach((name, value) -> {
                // One that is null is none, as of headers.
                if (name != null && value != null) {
                    request.userMetadata(name.trim(), value.trim());
                }
            });
        }
        if (from.getHeaders() != null) {
            headers.putAll(from.getHeaders());
        }
        headers.forEach((name, value) -> {
            if (OPTIONS.containsKey(name)) {
                request.option(OPTIONS.get(name), value);
            } else {
                request.header(name, value);
            }
        });
    }

    private static void callBack(UploadRequest request, Callback callback) {
        request.callback(callback.getCallbackUrl(), callback.getCallbackBody()).callbackSni(callback.getCallbackSNI());
        if (callback.getCallbackHost() != null) {
            request.callbackHost(callback.getCallbackHost());
        }
        if (callback.getCalbackBodyType() != null) {
            request.callbackBodyType(callback.getCalbackBodyType().mediaType());
        }
        callback.getCallbackVar().forEach(request::callbackVar);
    }
}
