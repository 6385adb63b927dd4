package io.ossup.compat;

import io.ossup.OssStatus;
import io.ossup.OssUploadException;

/** Makes the exceptions that programs catch. */
final class Failures {
    private Failures() {}

    static RuntimeException of(OssUploadException failure) {
        switch (failure.status()) {
            case INVALID_ARGUMENT:
                return new IllegalArgumentException(failure.getMessage(), failure);
            case SERVICE_ERROR:
            case ACCESS_DENIED:
            case NO_SUCH_BUCKET:
            case NO_SUCH_UPLOAD:
            case ALREADY_EXISTS:
            case THROTTLED:
            case CALLBACK_FAILED:
                return new OSSException(
                        failure.getMessage(),
                        ossCode(failure),
                        failure.requestId(),
                        failure.host(),
                        failure.ec(),
                        failure);
            default:
                return new ClientException(
                        failure.getMessage(), clientCode(failure.status()), failure.requestId(), failure);
        }
    }

    private static String ossCode(OssUploadException failure) {
        if (failure.ossCode() != null) {
            return failure.ossCode();
        }
        // A look at the object has no code with it.
        return failure.status() == OssStatus.ALREADY_EXISTS ? "FileAlreadyExists" : failure.status().name();
    }

    private static String clientCode(OssStatus status) {
        switch (status) {
            case UNREACHABLE:
            case CONNECTION_LOST:
                return ClientErrorCode.SOCKET_EXCEPTION;
            case NETWORK_TIMEOUT:
                return ClientErrorCode.SOCKET_TIMEOUT;
            case TLS_FAILED:
                return ClientErrorCode.SSL_EXCEPTION;
            default:
                return status.name();
        }
    }
}
