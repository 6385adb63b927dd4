package io.ossup.compat.common.comm;

/** How requests are signed. */
public enum SignVersion {
    /** As private deployments of old know it; OSS itself refuses it for new accounts and buckets. */
    V1,
    /** Is not there: a client is refused with it. */
    V2,
    /** As OSS wants it. It needs the region, which most endpoints name. */
    V4
}
