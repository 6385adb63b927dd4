import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.UploadRequest;
import io.ossup.UploadResult;

/** Uploads what comes by standard input, whose length nobody knows, as in: tar c folder | java Stream … */
final class Stream {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: Stream ENDPOINT REGION BUCKET KEY");
            System.exit(2);
        }
        OssUploadConfig config = new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]);
        try (OssUploadClient client = new OssUploadClient(config)) {
            UploadRequest request = new UploadRequest(arguments[2], arguments[3]).uploadStream(System.in).taskNum(4);
            UploadResult result = client.upload(request);
            System.out.println(result.bytesTotal() + " bytes");
        }
    }
}
