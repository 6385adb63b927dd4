package io.ossup.compat.common.auth;

/** Has the access key of the environment: OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and, for a temporary one, OSS_SESSION_TOKEN. */
public class EnvironmentVariableCredentialsProvider implements CredentialsProvider {
    /** Does nothing: the environment has them. */
    @Override
    public void setCredentials(Credentials credentials) {}

    @Override
    public Credentials getCredentials() {
        return new DefaultCredentials(
                System.getenv("OSS_ACCESS_KEY_ID"),
                System.getenv("OSS_ACCESS_KEY_SECRET"),
                System.getenv("OSS_SESSION_TOKEN"));
    }
}
