package io.ossup.conformance;

import io.ossup.OssUploadException;
import io.ossup.UploadResult;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What a driver tells, line by line, as soon as it knows. */
final class Report {
    private static final PrintStream OUT =
            new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    private Report() {}

    /** Nothing where there is no value. */
    static synchronized void tell(String name, Object value) {
        if (value != null) {
            OUT.println(name + ' ' + value.toString().replace('\n', ' '));
        }
    }

    private static void tellNonzero(String name, int value) {
        tell(name, value == 0 ? null : value);
    }

    static void tell(UploadResult result) {
        OssUploadException error = result.error();
        if (error == null) {
            tell("ended", result.status());
            tell("crc64", Long.toUnsignedString(result.crc64()));
        } else {
            tell(error);
        }
        tell("resumed", result.isResumed());
        tell("reason", result.reason().isEmpty() ? null : result.reason());
        tell("resumable", result.isResumable());
        tell("parts_total", result.partsTotal());
        tell("parts_reused", result.partsReused());
        tell("parts_sent", result.partsSent());
        tell("bytes_total", result.bytesTotal());
        tell("etag", result.etag());
        byte[] body = result.callbackBody();
        tell("callback_body", body == null ? null : new String(body, StandardCharsets.UTF_8));
        tell("warning", result.warning());
        tell("resume_token", result.resumeToken());
    }

    /** A failure, also of something that could not be begun. */
    static void tell(OssUploadException failure) {
        tell("ended", failure.status());
        tellNonzero("http_status", failure.httpStatus());
        tell("oss_code", failure.ossCode());
        tell("request_id", failure.requestId());
        tell("operation", failure.operation());
        tellNonzero("attempts", failure.attempts());
        tell("temporary", failure.isTemporary());
        tell("message", failure.getMessage());
        tell("raised", failure.getCause() == null ? null : failure.getCause().getMessage());
    }
}
