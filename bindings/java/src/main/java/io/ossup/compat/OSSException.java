package io.ossup.compat;

/** OSS refused. Its cause is the library's own exception, which says more. */
public class OSSException extends ServiceException {
    private static final long serialVersionUID = 1;

    public OSSException() {}

    public OSSException(String message) {
        super(message);
    }

    public OSSException(String message, Throwable cause) {
        super(message, cause);
    }

    OSSException(String message, String errorCode, String requestId, String hostId, String ec, Throwable cause) {
        super(message, errorCode, requestId, hostId, ec, cause);
    }
}
