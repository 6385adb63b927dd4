package io.ossup.compat;

import io.ossup.OssUploadClient;
import io.ossup.OssUploadException;
import io.ossup.UploadRequest;
import io.ossup.UploadResult;
import io.ossup.compat.common.auth.CredentialsProvider;
import io.ossup.compat.common.auth.DefaultCredentials;
import io.ossup.compat.model.UploadFileRequest;
import io.ossup.compat.model.UploadFileResult;
import java.util.Objects;

/** The client that {@link OSSClientBuilder} makes. */
public class OSSClient implements OSS {
    private final Endpoint endpoint;
    private final OssUploadClient client;

    public OSSClient(String endpoint, String accessKeyId, String secretAccessKey) {
        this(endpoint, accessKeyId, secretAccessKey, (String) null);
    }

    public OSSClient(String endpoint, String accessKeyId, String secretAccessKey, String securityToken) {
        this(endpoint, accessKeyId, secretAccessKey, securityToken, null);
    }

    public OSSClient(
            String endpoint, String accessKeyId, String secretAccessKey, ClientConfiguration configuration) {
        this(endpoint, accessKeyId, secretAccessKey, null, configuration);
    }

    public OSSClient(
            String endpoint,
            String accessKeyId,
            String secretAccessKey,
            String securityToken,
            ClientConfiguration configuration) {
        this(new Settings(endpoint, configuration)
                .credentials(new DefaultCredentials(accessKeyId, secretAccessKey, securityToken)));
    }

    public OSSClient(String endpoint, CredentialsProvider provider) {
        this(endpoint, provider, null);
    }

    public OSSClient(String endpoint, CredentialsProvider provider, ClientConfiguration configuration) {
        this(new Settings(endpoint, configuration).credentials(provider));
    }

    OSSClient(Settings settings) {
        endpoint = settings.endpoint();
        client = settings.client();
    }

    @Override
    public UploadFileResult uploadFile(UploadFileRequest uploadFileRequest) throws Throwable {
        Objects.requireNonNull(uploadFileRequest, "uploadFileRequest");
        UploadRequest request = Requests.of(uploadFileRequest);
        Events events = new Events(uploadFileRequest.getProgressListener());
        UploadResult result;
        try {
            result = client.upload(request.progressListener(events));
        } catch (OssUploadException failure) {
            throw events.failed(failure);
        } catch (InterruptedException interrupt) {
            throw events.interrupted(interrupt);
        }
        events.completed();
        return Results.of(uploadFileRequest, result, endpoint);
    }

    @Override
    public void shutdown() {
        client.close();
    }
}
