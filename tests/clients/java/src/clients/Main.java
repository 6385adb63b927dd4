package clients;

import java.util.List;
import java.util.Set;
import java.util.logging.LogManager;
import java.util.stream.Stream;

/** Runs every case with every flavour; the names of cases to run may be given as arguments. */
final class Main {
    private Main() {}

    public static void main(String[] names) {
        // The clients log what the cases provoke.
        LogManager.getLogManager().reset();
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        Set<String> wanted = Set.of(names);
        List<Case> cases = Stream.of(ObjectCases.ALL, PartCases.ALL, ResumingCases.ALL, TrustCases.ALL)
                .flatMap(List::stream)
                .filter(entry -> wanted.isEmpty() || wanted.contains(entry.name()))
                .toList();
        int passed = 0;
        int failed = 0;
        for (Flavour flavour : Flavour.ALL) {
            for (Case entry : cases) {
                long begin = System.nanoTime();
                try {
                    entry.body().run(flavour);
                } catch (Exception | AssertionError error) {
                    failed++;
                    System.out.printf("FAILED  %s: %s%n", flavour.name(), entry.name());
                    error.printStackTrace(System.out);
                    continue;
                }
                passed++;
                double seconds = (System.nanoTime() - begin) / 1e9;
                System.out.printf("ok      %s: %s (%.1f s)%n", flavour.name(), entry.name(), seconds);
            }
        }
        System.out.printf("%d passed, %d failed%n", passed, failed);
        // The clients leave threads behind.
        System.exit(failed == 0 && passed > 0 ? 0 : 1);
    }
}
