package io.ossup;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Programs that find the library, each in its own way. */
final class Finders {
    private Finders() {}

    /** Prints what there is to know of the library. */
    static final class Facts {
        public static void main(String[] arguments) throws Exception {
            System.out.println(Ossup.version());
            for (Path file : loaded()) {
                System.out.println(file);
            }
        }

        /** The files of the library that this process has. */
        private static List<Path> loaded() throws Exception {
            return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains(System.mapLibraryName("ossup")))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .toList();
        }
    }

    /** Uploads in class loaders of their own at once, then prints what there is to know of the library. */
    static final class Tenants {
        private static final int TENANTS = 3;

        public static void main(String[] arguments) throws Exception {
            List<URL> places = new ArrayList<>();
            for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
                places.add(new File(place).toURI().toURL());
            }
            ExecutorService threads = Executors.newCachedThreadPool();
            CyclicBarrier begin = new CyclicBarrier(TENANTS);
            Callable<Object> tenant = () -> {
                try (URLClassLoader loader =
                        new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
                    Class<?> own = loader.loadClass(Tenant.class.getName());
                    Object made = own.getDeclaredConstructor(String[].class).newInstance((Object) arguments);
                    begin.await();
                    return ((Callable<?>) made).call();
                }
            };
            for (Future<Object> told : threads.invokeAll(Collections.nCopies(TENANTS, tenant))) {
                System.out.println(told.get());
            }
            threads.shutdown();
            System.out.println(Facts.loaded().size() + " file");
        }
    }

    /** What a class loader of its own runs: an upload, and one that fails. */
    public static final class Tenant implements Callable<String> {
        private final String[] arguments;

        public Tenant(String[] arguments) {
            this.arguments = arguments;
        }

        @Override
        public String call() throws Exception {
            List<UploadProgress> told = new ArrayList<>();
            CredentialsProvider provider = () -> new OssCredentials("ak", "sk");
            try (OssUploadClient client = new OssUploadClient(new OssUploadConfig()
                    .endpoint(arguments[0])
                    .region("cn-hangzhou")
                    .credentialsProvider(provider))) {
                client.upload(new UploadRequest("bucket", "object", arguments[1]).progressListener(told::add));
                client.upload(new UploadRequest("bucket", "object", "/nowhere"));
                return "no failure";
            } catch (OssUploadException failure) {
                return failure.status() + (told.isEmpty() ? ", not told" : ", told");
            }
        }
    }

    /** What a program prints whose library cannot be loaded. */
    static final class Complaint {
        public static void main(String[] arguments) {
            try {
                Ossup.version();
            } catch (UnsatisfiedLinkError error) {
                System.out.println(error.getMessage());
            }
        }
    }
}
