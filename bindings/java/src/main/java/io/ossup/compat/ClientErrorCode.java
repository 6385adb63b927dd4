package io.ossup.compat;

/** Codes of a {@link ClientException}. Others are the names of an {@link io.ossup.OssStatus}. */
public interface ClientErrorCode {
    /** Nothing is known. */
    String UNKNOWN = "Unknown";
    /** Nothing moved for too long. */
    String SOCKET_TIMEOUT = "SocketTimeout";
    /** There was no connection, or it broke. */
    String SOCKET_EXCEPTION = "SocketException";
    /** TLS could not be agreed on, or the certificate is not trusted. */
    String SSL_EXCEPTION = "SslException";
}
