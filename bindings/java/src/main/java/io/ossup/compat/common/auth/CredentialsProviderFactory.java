package io.ossup.compat.common.auth;

/** Makes providers of access keys. */
public class CredentialsProviderFactory {
    public static DefaultCredentialProvider newDefaultCredentialProvider(String accessKeyId, String secretAccessKey) {
        return new DefaultCredentialProvider(accessKeyId, secretAccessKey);
    }

    public static DefaultCredentialProvider newDefaultCredentialProvider(
            String accessKeyId, String secretAccessKey, String securityToken) {
        return new DefaultCredentialProvider(accessKeyId, secretAccessKey, securityToken);
    }

    public static EnvironmentVariableCredentialsProvider newEnvironmentVariableCredentialsProvider() {
        return new EnvironmentVariableCredentialsProvider();
    }
}
