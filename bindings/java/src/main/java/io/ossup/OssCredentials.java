package io.ossup;

import java.time.Instant;

/** An access key. */
public final class OssCredentials {
    final String accessKeyId;
    final String accessKeySecret;
    final String securityToken;
    final Instant expires;

    /** An access key that stays. */
    public OssCredentials(String accessKeyId, String accessKeySecret) {
        this(accessKeyId, accessKeySecret, null, null);
    }

    /**
     * A temporary access key.
     *
     * @param expires from when on OSS refuses it; null when that is not known
     */
    public OssCredentials(String accessKeyId, String accessKeySecret, String securityToken, Instant expires) {
        this.accessKeyId = accessKeyId;
        this.accessKeySecret = accessKeySecret;
        this.securityToken = securityToken;
        this.expires = expires;
    }

    /** Without what is secret. */
    @Override
    public String toString() {
        return "access key " + accessKeyId;
    }
}
