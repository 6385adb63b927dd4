package io.ossup.compat.model;

/** What every result has. */
public abstract class GenericResult {
    private String requestId;
    private Long clientCRC;
    private Long serverCRC;

    /** OSS's id of the request, which its support asks for. */
    public String getRequestId() {
        return requestId;
    }

    public void setRequestId(String id) {
        requestId = id;
    }

    /** The CRC-64 of the bytes that were read here, for {@link Long#toUnsignedString(long)}. */
    public Long getClientCRC() {
        return clientCRC;
    }

    public void setClientCRC(Long crc) {
        clientCRC = crc;
    }

    /** The object's CRC-64, for {@link Long#toUnsignedString(long)}. It is the client's, or the upload failed. */
    public Long getServerCRC() {
        return serverCRC;
    }

    public void setServerCRC(Long crc) {
        serverCRC = crc;
    }
}
