package io.ossup.compat.common.auth;

/** An access key. */
public interface Credentials {
    String getAccessKeyId();

    String getSecretAccessKey();

    /** The security token of a temporary access key. */
    String getSecurityToken();

    /** Whether it is a temporary access key. */
    boolean useSecurityToken();
}
