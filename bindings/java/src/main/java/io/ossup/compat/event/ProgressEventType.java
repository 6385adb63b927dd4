package io.ossup.compat.event;

/** What an event tells. Those without a comment are not told by an upload. */
public enum ProgressEventType {
    /** How many bytes there are. It comes once, behind the start. */
    REQUEST_CONTENT_LENGTH_EVENT,
    RESPONSE_CONTENT_LENGTH_EVENT,
    /** How many bytes more OSS has. Those that an earlier run sent count as soon as they do. All together are the file's size. */
    REQUEST_BYTE_TRANSFER_EVENT,
    RESPONSE_BYTE_TRANSFER_EVENT,
    TRANSFER_PREPARING_EVENT,
    /** Parts are about to be sent. */
    TRANSFER_STARTED_EVENT,
    /** The object is there. */
    TRANSFER_COMPLETED_EVENT,
    /** The upload failed after its start, or was paused. */
    TRANSFER_FAILED_EVENT,
    TRANSFER_CANCELED_EVENT,
    TRANSFER_PART_STARTED_EVENT,
    TRANSFER_PART_COMPLETED_EVENT,
    /** A part failed for good; the upload's failure follows. */
    TRANSFER_PART_FAILED_EVENT,
    SELECT_STARTED_EVENT,
    SELECT_SCAN_EVENT,
    SELECT_COMPLETED_EVENT,
    SELECT_FAILED_EVENT
}
