package io.ossup;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;

/** What went wrong, with everything that a support ticket needs. */
public final class OssUploadException extends IOException {
    private static final long serialVersionUID = 1;

    private final OssStatus status;
    private String operation;
    private int partNumber;
    private int attempts;
    private int httpStatus;
    private String ossCode;
    private String ec;
    private String requestId;
    private String host;
    private int osErrno;
    private boolean temporary;
    private transient UploadResult result;

    private OssUploadException(OssStatus status, String message) {
        super(message);
        this.status = status;
    }

    private OssUploadException(Pointer error) {
        this(OssStatus.of(LibOssup.ossup_error_status(error)), Text.fromC(LibOssup.ossup_error_message(error)));
        operation = Text.fromC(LibOssup.ossup_error_operation(error));
        partNumber = LibOssup.ossup_error_part_number(error);
        attempts = LibOssup.ossup_error_attempts(error);
        httpStatus = LibOssup.ossup_error_http_status(error);
        ossCode = Text.fromC(LibOssup.ossup_error_oss_code(error));
        ec = Text.fromC(LibOssup.ossup_error_ec(error));
        requestId = Text.fromC(LibOssup.ossup_error_request_id(error));
        host = Text.fromC(LibOssup.ossup_error_host(error));
        osErrno = LibOssup.ossup_error_os_errno(error);
        temporary = LibOssup.ossup_error_is_temporary(error) != 0;
    }

    static OssUploadException invalidArgument(String message) {
        return new OssUploadException(OssStatus.INVALID_ARGUMENT, message);
    }

    static OssUploadException invalidState(String message) {
        return new OssUploadException(OssStatus.INVALID_STATE, message);
    }

    static OssUploadException wouldDeadlock(String message) {
        return new OssUploadException(OssStatus.WOULD_DEADLOCK, message);
    }

    static OssUploadException noResources(String message) {
        return new OssUploadException(OssStatus.NO_RESOURCES, message);
    }

    static OssUploadException closed() {
        return new OssUploadException(OssStatus.SHUT_DOWN, "the client is closed");
    }

    static OssUploadException internal(Throwable cause) {
        return new OssUploadException(OssStatus.INTERNAL, cause.toString()).with(null, cause);
    }

    static OssUploadException tooLate() {
        return new OssUploadException(OssStatus.OK, "the object is stored, but the progress listener failed");
    }

    /** C takes a negative number for a very large one. */
    static void refuseNegative(String what, long number) throws OssUploadException {
        if (number < 0) {
            throw invalidArgument(what + " of " + number + " is none");
        }
    }

    /** Makes an exception of C's error, and frees that. */
    static OssUploadException take(Pointer error) {
        try {
            return new OssUploadException(error);
        } finally {
            LibOssup.ossup_error_free(error);
        }
    }

    /** Throws when a call failed that has nothing to say but its status. */
    static void check(int status) throws OssUploadException {
        if (status != 0) {
            OssStatus known = OssStatus.of(status);
            throw new OssUploadException(known, known + " (" + status + ")");
        }
    }

    /** Throws when a call failed that may have left an error. */
    static void check(int status, PointerByReference error) throws OssUploadException {
        if (status != 0 && error.getValue() != null) {
            throw take(error.getValue());
        }
        check(status);
    }

    OssUploadException with(UploadResult result, Throwable cause) {
        this.result = result;
        if (cause != null) {
            initCause(cause);
        }
        return this;
    }

    /** What kind of failure it is. */
    public OssStatus status() {
        return status;
    }

    /** OSS's name for what was being done, such as "UploadPart"; null when no request was involved. */
    public String operation() {
        return operation;
    }

    /** The number of the part concerned; 0 when none is. */
    public int partNumber() {
        return partNumber;
    }

    /** How often the request was tried; 0 when no request was involved. */
    public int attempts() {
        return attempts;
    }

    /** The answer's HTTP status; 0 when there was no answer. */
    public int httpStatus() {
        return httpStatus;
    }

    /** OSS's error code, such as "AccessDenied"; null when OSS gave none. */
    public String ossCode() {
        return ossCode;
    }

    /** The finer code that OSS's documentation explains; null when OSS gave none. */
    public String ec() {
        return ec;
    }

    /** OSS's id of the request, which its support asks for; null when there was no answer. */
    public String requestId() {
        return requestId;
    }

    /** The host that was spoken to; null when none was. */
    public String host() {
        return host;
    }

    /** The operating system's error number; 0 when none is known. */
    public int osErrno() {
        return osErrno;
    }

    /** Whether trying again later may help. */
    public boolean isTemporary() {
        return temporary;
    }

    /** What the upload did; null when it was not started. */
    public UploadResult result() {
        return result;
    }
}
