package io.ossup.compat;

import io.ossup.UploadResult;
import io.ossup.compat.model.CompleteMultipartUploadResult;
import io.ossup.compat.model.UploadFileRequest;
import io.ossup.compat.model.UploadFileResult;
import java.io.ByteArrayInputStream;

/** Makes the results that programs read. */
final class Results {
    private Results() {}

    static UploadFileResult of(UploadFileRequest request, UploadResult from, Endpoint endpoint) {
        CompleteMultipartUploadResult object = new CompleteMultipartUploadResult();
        object.setBucketName(request.getBucketName());
        object.setKey(request.getKey());
        object.setLocation(endpoint.locate(request.getBucketName(), request.getKey()));
        object.setETag(from.etag() == null ? null : from.etag().replace("\"", ""));
        object.setVersionId(from.versionId());
        object.setRequestId(from.requestId());
        object.setClientCRC(from.crc64());
        object.setServerCRC(from.crc64());
        byte[] answer = from.callbackBody();
        object.setCallbackResponseBody(answer == null ? null : new ByteArrayInputStream(answer));
        UploadFileResult result = new UploadFileResult();
        result.setMultipartUploadResult(object);
        return result;
    }
}
