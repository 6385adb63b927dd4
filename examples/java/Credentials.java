import io.ossup.CredentialsProvider;
import io.ossup.OssCredentials;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.UploadRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Instant;
import java.util.List;

/**
 * Uploads with temporary access keys that somebody else renews in a file of four lines: id, secret, security token and when
 * they end. The file is read when it is needed, and again before the end.
 */
final class Credentials {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 6) {
            System.err.println("usage: Credentials ENDPOINT REGION BUCKET KEY FILE KEYS");
            System.exit(2);
        }
        Path keys = Paths.get(arguments[5]);
        CredentialsProvider provider = () -> {
            List<String> lines = Files.readAllLines(keys);
            return new OssCredentials(lines.get(0), lines.get(1), lines.get(2), Instant.parse(lines.get(3)));
        };
        // Asked in this order; the first that has credentials counts.
        OssUploadConfig config = new OssUploadConfig()
                .endpoint(arguments[0])
                .region(arguments[1])
                .environmentCredentials()
                .credentialsProvider(provider);
        try (OssUploadClient client = new OssUploadClient(config)) {
            System.out.println(client.upload(new UploadRequest(arguments[2], arguments[3], arguments[4])).etag());
        }
    }
}
