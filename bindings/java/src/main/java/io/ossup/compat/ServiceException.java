package io.ossup.compat;

/** A service refused. */
public class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String errorCode;
    private final String requestId;
    private final String hostId;
    private final String ec;

    public ServiceException() {
        this(null);
    }

    public ServiceException(String message) {
        this(message, null);
    }

    public ServiceException(String message, Throwable cause) {
        this(message, null, null, null, null, cause);
    }

    ServiceException(
            String message, String errorCode, String requestId, String hostId, String ec, Throwable cause) {
        super(message, cause);
        this.errorCode = errorCode;
        this.requestId = requestId;
        this.hostId = hostId;
        this.ec = ec;
    }

    /** One line for a person: what was done, what failed, and every cause. */
    public String getErrorMessage() {
        return getMessage();
    }

    /** OSS's error code, such as "AccessDenied". */
    public String getErrorCode() {
        return errorCode;
    }

    /** OSS's id of the request, which its support asks for. */
    public String getRequestId() {
        return requestId;
    }

    /** The host that refused. */
    public String getHostId() {
        return hostId;
    }

    /** The finer code that OSS's documentation explains; null when OSS gave none. */
    public String getEC() {
        return ec;
    }
}
