import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.ProgressListener;
import io.ossup.UploadRequest;

/** Shows how far an upload is, on the thread that waits for it. */
final class Progress {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 5) {
            System.err.println("usage: Progress ENDPOINT REGION BUCKET KEY FILE");
            System.exit(2);
        }
        OssUploadConfig config = new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]);
        try (OssUploadClient client = new OssUploadClient(config)) {
            ProgressListener listener = progress -> System.out.printf(
                    "%s: %d of %d bytes%n", progress.phase(), progress.bytesConfirmed(), progress.bytesTotal());
            client.upload(new UploadRequest(arguments[2], arguments[3], arguments[4]).progressListener(listener));
        }
    }
}
