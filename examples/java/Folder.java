import io.ossup.OssUpload;
import io.ossup.OssUploadClient;
import io.ossup.OssUploadConfig;
import io.ossup.UploadRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Uploads all files of a folder at once. The library takes so many at a time as pay off; no thread waits for any of them. */
final class Folder {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 4) {
            System.err.println("usage: Folder ENDPOINT REGION BUCKET FOLDER");
            System.exit(2);
        }
        OssUploadConfig config = new OssUploadConfig().endpoint(arguments[0]).region(arguments[1]);
        try (OssUploadClient client = new OssUploadClient(config);
                Stream<Path> files = Files.list(Paths.get(arguments[3]))) {
            List<Path> regular = files.filter(Files::isRegularFile).collect(Collectors.toList());
            CompletableFuture<?>[] told = new CompletableFuture<?>[regular.size()];
            for (int at = 0; at < told.length; at++) {
                Path file = regular.get(at);
                OssUpload upload = client.uploadAsync(
                        new UploadRequest(arguments[2], file.getFileName().toString(), file).enableCheckpoint(true));
                told[at] = upload.ended().thenAccept(result -> System.out.println(result.status() + " " + file));
            }
            CompletableFuture.allOf(told).join();
        }
    }
}
