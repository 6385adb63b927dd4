package peers;

import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.CredentialsProviderFactory;
import com.aliyun.oss.model.UploadFileRequest;

/** Uploads by the Java SDK v1: uploadFile, or putObject for each of many. */
final class UploadV1 {
    private UploadV1() {}

    public static void main(String[] words) throws Throwable {
        Job job = Job.read(words);
        OSS oss = open(job);
        try {
            if (job.many()) {
                job.forEachFile(
                        file -> oss.putObject(job.bucket(), file.getFileName().toString(), file.toFile()));
            } else {
                oss.uploadFile(request(job));
            }
        } finally {
            oss.shutdown();
        }
    }

    private static UploadFileRequest request(Job job) {
        UploadFileRequest request = new UploadFileRequest(
                job.bucket(), job.key(), job.path().toString(), job.partSize(), job.taskNum());
        if (job.records() != null) {
            request.setEnableCheckpoint(true);
            request.setCheckpointFile(job.records().resolve("upload.ucp").toString());
        }
        return request;
    }

    private static OSS open(Job job) throws Exception {
        ClientBuilderConfiguration config = new ClientBuilderConfiguration();
        config.setSLDEnabled(true);
        if (job.trusted() != null) {
            config.setKeyStore(job.trusted());
        }
        return OSSClientBuilder.create()
                .endpoint(job.endpoint())
                .region("cn-hangzhou")
                .credentialsProvider(CredentialsProviderFactory.newEnvironmentVariableCredentialsProvider())
                .clientConfiguration(config)
                .build();
    }
}
