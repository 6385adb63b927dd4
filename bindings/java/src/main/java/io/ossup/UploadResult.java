package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import java.time.Duration;

/** What an upload did, success or not. */
public final class UploadResult {
    private final OssStatus status;
    private final boolean resumed;
    private final String reason;
    private final boolean resumable;
    private final boolean confirmedByProbe;
    private final int partsTotal;
    private final int partsReused;
    private final int partsSent;
    private final long bytesTotal;
    private final long bytesReused;
    private final long bytesSent;
    private final int retries;
    private final String etag;
    private final long crc64;
    private final String versionId;
    private final String requestId;
    private final String uploadId;
    private final byte[] callbackBody;
    private final String warning;
    private final String checkpointFile;
    private final Duration elapsed;
    private final String resumeToken;
    private OssUploadException error;

    /** Reads all of C's result, which stays the caller's; a token only where one is to be kept. */
    UploadResult(Pointer result, boolean keepsToken) throws OssUploadException {
        status = OssStatus.of(LibOssup.ossup_result_status(result));
        resumed = LibOssup.ossup_result_is_resumed(result) != 0;
        reason = Text.fromC(LibOssup.ossup_result_reason(result));
        resumable = LibOssup.ossup_result_is_resumable(result) != 0;
        confirmedByProbe = LibOssup.ossup_result_is_confirmed_by_probe(result) != 0;
        partsTotal = LibOssup.ossup_result_parts_total(result);
        partsReused = LibOssup.ossup_result_parts_reused(result);
        partsSent = LibOssup.ossup_result_parts_sent(result);
        bytesTotal = LibOssup.ossup_result_bytes_total(result);
        bytesReused = LibOssup.ossup_result_bytes_reused(result);
        bytesSent = LibOssup.ossup_result_bytes_sent(result);
        retries = LibOssup.ossup_result_retries(result);
        etag = Text.fromC(LibOssup.ossup_result_etag(result));
        crc64 = LibOssup.ossup_result_crc64(result);
        versionId = Text.fromC(LibOssup.ossup_result_version_id(result));
        requestId = Text.fromC(LibOssup.ossup_result_request_id(result));
        uploadId = Text.fromC(LibOssup.ossup_result_upload_id(result));
        callbackBody = readCallbackBody(result);
        warning = Text.fromC(LibOssup.ossup_result_warning(result));
        checkpointFile = Text.fromC(LibOssup.ossup_result_checkpoint_file(result));
        elapsed = Duration.ofMillis(LibOssup.ossup_result_elapsed_ms(result));
        resumeToken = keepsToken && resumable ? readToken(result) : null;
    }

    private static String readToken(Pointer result) throws OssUploadException {
        try (Handle token = Handle.make(
                out -> LibOssup.ossup_result_resume_token(result, out), LibOssup::ossup_resume_token_free)) {
            return Text.fromC(LibOssup.ossup_resume_token_text(token.get()));
        }
    }

    private static byte[] readCallbackBody(Pointer result) {
        LongByReference length = new LongByReference();
        Pointer body = LibOssup.ossup_result_callback_body(result, length.getPointer());
        return body == null ? null : body.getByteArray(0, Math.toIntExact(length.getValue()));
    }

    /** Has the exception and this one each know the other. */
    UploadResult with(OssUploadException failure, Throwable cause) {
        error = failure.with(this, cause);
        return this;
    }

    /** What it came to. */
    public OssStatus status() {
        return status;
    }

    /** Whether the upload went on where an earlier run was stopped. */
    public boolean isResumed() {
        return resumed;
    }

    /** Why it began anew although there was something to go on from, such as "SOURCE_CHANGED"; "" when it did not. */
    public String reason() {
        return reason;
    }

    /** Whether the upload can go on from here. */
    public boolean isResumable() {
        return resumable;
    }

    /** Whether the last answer was lost and the object was found to be there. */
    public boolean isConfirmedByProbe() {
        return confirmedByProbe;
    }

    /** How many parts there are; 0 for an empty file, which is sent in one request. */
    public int partsTotal() {
        return partsTotal;
    }

    /** How many parts an earlier run had sent. */
    public int partsReused() {
        return partsReused;
    }

    /** How many parts this run sent. */
    public int partsSent() {
        return partsSent;
    }

    /** The file's size. */
    public long bytesTotal() {
        return bytesTotal;
    }

    /** The bytes of the parts that an earlier run had sent. */
    public long bytesReused() {
        return bytesReused;
    }

    /** The bytes of the parts that this run sent. */
    public long bytesSent() {
        return bytesSent;
    }

    /** How many requests were tried again. */
    public int retries() {
        return retries;
    }

    /** The object's ETag, in OSS's quotes; null when there is no object, or none was told. */
    public String etag() {
        return etag;
    }

    /** The object's CRC-64, for {@link Long#toUnsignedString(long)}; 0 when there is no object. */
    public long crc64() {
        return crc64;
    }

    /** The object's version, in buckets that keep versions; null elsewhere. */
    public String versionId() {
        return versionId;
    }

    /** OSS's id of the request that made the object, or failed to; null when there was none. */
    public String requestId() {
        return requestId;
    }

    /** OSS's id of the multipart upload; null when there was none. */
    public String uploadId() {
        return uploadId;
    }

    /** What the application server answered to OSS's callback; null when it was not asked or nothing is known. */
    public byte[] callbackBody() {
        return callbackBody == null ? null : callbackBody.clone();
    }

    /** What went wrong without stopping the upload; null when nothing did. */
    public String warning() {
        return warning;
    }

    /** Where the record is, or was; null when none was kept. */
    public String checkpointFile() {
        return checkpointFile;
    }

    /** How long the upload ran. */
    public Duration elapsed() {
        return elapsed;
    }

    /**
     * With what a stopped upload goes on elsewhere, {@link UploadRequest#resumeToken}; null when none was to be kept, or
     * nothing is left to go on from.
     */
    public String resumeToken() {
        return resumeToken;
    }

    /** Why the upload is no success, which its future fails with; null when it is one. */
    public OssUploadException error() {
        return error;
    }
}
