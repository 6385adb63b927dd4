package io.ossup;

import java.io.IOException;

/**
 * Is asked when credentials are needed and again shortly before they end, on a thread of its own, so that it may take its
 * time: one question at a time, unless one took longer than the credentials timeout. What it throws becomes the cause of the
 * exception of uploads that have no credentials.
 */
@FunctionalInterface
public interface CredentialsProvider {
    /**
     * Provides credentials.
     *
     * @throws IOException when trying again may help; after any other exception, uploads that wait fail at once
     */
    OssCredentials getCredentials() throws Exception;
}
