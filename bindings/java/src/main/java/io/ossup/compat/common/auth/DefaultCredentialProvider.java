package io.ossup.compat.common.auth;

/** Has the access key that it was given. */
public class DefaultCredentialProvider implements CredentialsProvider {
    private volatile Credentials credentials;

    public DefaultCredentialProvider(Credentials credentials) {
        this.credentials = credentials;
    }

    public DefaultCredentialProvider(String accessKeyId, String secretAccessKey) {
        this(accessKeyId, secretAccessKey, null);
    }

    public DefaultCredentialProvider(String accessKeyId, String secretAccessKey, String securityToken) {
        this(new DefaultCredentials(accessKeyId, secretAccessKey, securityToken));
    }

    @Override
    public void setCredentials(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Credentials getCredentials() {
        return credentials;
    }
}
