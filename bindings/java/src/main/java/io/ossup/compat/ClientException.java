package io.ossup.compat;

/** An upload failed on this side of OSS, or was stopped. Its cause is the library's own exception, which says more. */
public class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String errorCode;
    private final String requestId;

    public ClientException() {
        this(null, null, null, null);
    }

    public ClientException(String message) {
        this(message, null, null, null);
    }

    public ClientException(Throwable cause) {
        this(null, cause);
    }

    public ClientException(String message, Throwable cause) {
        this(message, null, null, cause);
    }

    public ClientException(String message, String errorCode, String requestId) {
        this(message, errorCode, requestId, null);
    }

    public ClientException(String message, String errorCode, String requestId, Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode == null ? ClientErrorCode.UNKNOWN : errorCode;
        this.requestId = requestId == null ? ClientErrorCode.UNKNOWN : requestId;
    }

    /** One line for a person: what was done, what failed, and every cause. */
    public String getErrorMessage() {
        return getMessage();
    }

    /** What failed: one of {@link ClientErrorCode}, or the name of an {@link io.ossup.OssStatus}. */
    public String getErrorCode() {
        return errorCode;
    }

    /** OSS's id of the request, which its support asks for; "Unknown" when there was no answer. */
    public String getRequestId() {
        return requestId;
    }
}
