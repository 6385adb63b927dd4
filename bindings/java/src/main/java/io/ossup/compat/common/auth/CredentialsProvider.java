package io.ossup.compat.common.auth;

/**
 * Has access keys. It is asked by a client's first upload and again when OSS refuses what it gave, on a thread of its own: an
 * access key that was set meanwhile counts from then on.
 */
public interface CredentialsProvider {
    void setCredentials(Credentials credentials);

    Credentials getCredentials();
}
