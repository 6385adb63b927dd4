import io.ossup.OssStatus;
import io.ossup.OssUpload;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.UploadRequest;
import io.ossup.UploadResult;
import java.util.concurrent.CompletableFuture;

/**
 * Uploads half of a file and prints a resume token, one line of text. Given that token it uploads the rest, here or on another
 * machine that has the same file, and without a record on any disk.
 */
final class Resume {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 5 && arguments.length != 6) {
            System.err.println("usage: Resume ENDPOINT REGION BUCKET KEY FILE [TOKEN]");
            System.exit(2);
        }
        OssUploadConfig config = new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]);
        UploadRequest request = new UploadRequest(arguments[2], arguments[3], arguments[4]);
        try (OssUploadClient client = new OssUploadClient(config)) {
            if (arguments.length == 6) {
                System.out.println(client.upload(request.resumeToken(arguments[5])).status());
            } else {
                System.out.println(half(client, request));
            }
        }
    }

    private static String half(OssUploadClient client, UploadRequest request) throws Exception {
        CompletableFuture<Void> enough = new CompletableFuture<>();
        request.keepResumeToken(true).progressListener(progress -> {
            if (progress.bytesConfirmed() > progress.bytesTotal() / 2) {
                enough.complete(null);
            }
        });
        OssUpload upload = client.uploadAsync(request);
        CompletableFuture.anyOf(enough, upload).join();
        upload.cancel(true); // pauses: what was sent stays on the server
        UploadResult result = upload.ended().get();
        return result.status() == OssStatus.PAUSED ? result.resumeToken() : "nothing is left to send";
    }
}
