package io.ossup;

import static io.ossup.TestFiles.make;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLibrary;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the library comes from. */
class FindingTest {
    private static final String NAME = System.mapLibraryName("ossup");
    private static final Path LIBRARY = Path.of(System.getProperty("ossup.library"));
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path folder;

    /** A folder for the class path with this machine's library in it, as a jar would have it. */
    private String bundle() throws Exception {
        Path place = folder.resolve("jar/io/ossup/native").resolve(PlatformName.here());
        Files.createDirectories(place);
        Files.copy(LIBRARY, place.resolve(NAME));
        return folder.resolve("jar").toString();
    }

    private static List<String> flags(String libraryPath, Path temporary) {
        return List.of("-Djava.library.path=" + libraryPath, "-Djava.io.tmpdir=" + temporary);
    }

    @Test
    void inAFolderOfTheLibraryPath() throws Exception {
        Path place = Files.createDirectory(folder.resolve("libraries"));
        Files.copy(LIBRARY, place.resolve(NAME));
        String path = folder.resolve("nowhere") + File.pathSeparator + place;
        Program program = Program.java(flags(path, folder), List.of(), Finders.Facts.class.getName());
        assertEquals(Ossup.version() + "\n" + place.resolve(NAME) + "\n", program.output());
    }

    @Test
    void inTheJarUnpackedAndDeletedAtTheEnd() throws Exception {
        Path temporary = folder.resolve("made/for/it");
        Program program = Program.java(flags("/nowhere", temporary), List.of(bundle()), Finders.Facts.class.getName());
        List<String> lines = program.output().lines().toList();
        assertEquals(Ossup.version(), lines.get(0));
        assertTrue(Path.of(lines.get(1)).startsWith(temporary), lines.get(1));
        assertEquals(2, lines.size());
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(List.of(), left.filter(path -> path.getFileName().toString().startsWith("ossup")).toList());
        }
    }

    @Test
    void inTheJarOnceForAllClassLoaders() throws Exception {
        try (StandIn server = new StandIn()) {
            Program program = Program.java(
                    flags("/nowhere", folder), List.of(bundle()), Finders.Tenants.class.getName(),
                    server.endpoint, make(folder, 1000));
            assertEquals("SOURCE_UNREADABLE, told\n".repeat(3) + "1 file\n", program.output());
        }
    }

    @Test
    void whatThePropertyNamesOnceForAllClassLoaders() throws Exception {
        try (StandIn server = new StandIn()) {
            Program program = Program.java(
                    List.of(), Finders.Tenants.class.getName(), server.endpoint, make(folder, 1000));
            assertEquals("SOURCE_UNREADABLE, told\n".repeat(3) + "1 file\n", program.output());
        }
    }

    @Test
    void whatWasTriedIsTold() throws Exception {
        Program nowhere = Program.java(flags("/nowhere", folder), List.of(), Finders.Complaint.class.getName());
        String told = nowhere.output();
        assertTrue(told.startsWith("there is no libossup: " + NAME + " is in no folder of java.library.path; "), told);
        assertTrue(told.contains("the jar has no io/ossup/native/" + PlatformName.here() + "/" + NAME), told);
        Path broken = Files.write(folder.resolve(NAME), CONTENT);
        Program named = Program.java(List.of("-Dossup.library=" + broken), List.of(), Finders.Complaint.class.getName());
        told = named.output();
        assertTrue(told.startsWith("libossup, which the property ossup.library names, cannot be loaded: "), told);
    }

    @Test
    void onlyItsOwnerEntersTheFolder() throws Exception {
        Path file = Unpacked.unpack(CONTENT, "library", folder);
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        assertTrue(Unpacked.isWhole(file, CONTENT));
        Files.write(file, new byte[] {9});
        assertFalse(Unpacked.isWhole(file, CONTENT));
        assertFalse(Unpacked.isWhole(folder.resolve("none"), CONTENT));
    }

    @Test
    void whatWasLeftOnAnEarlierDayIsDeleted() throws Exception {
        Instant today = Instant.now();
        Path old = Unpacked.unpack(CONTENT, "library", folder);
        Path fresh = Unpacked.unpack(CONTENT, "library", folder);
        Path foreign = Files.createDirectory(folder.resolve("ossup-foreign"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Path others = Files.write(other.resolve("library"), CONTENT);
        for (Path file : List.of(old, others)) {
            Files.setLastModifiedTime(file, FileTime.from(today.minus(Duration.ofDays(2))));
        }
        Unpacked.deleteLeft(folder, "library", today.minus(Duration.ofDays(1)));
        assertFalse(Files.exists(old.getParent()));
        for (Path stays : List.of(fresh, foreign, others)) {
            assertTrue(Files.exists(stays), stays.toString());
        }
        Unpacked.deleteLeft(folder.resolve("nowhere"), "library", today);
    }

    @Test
    void aFolderThatNothingMayBeRunFromIsPassedOver() throws Exception {
        Path noexec = folder.resolve("noexec");
        Path good = folder.resolve("good");
        List<Path> asked = new ArrayList<>();
        Bundled.Loader loader = file -> {
            asked.add(file);
            if (file.startsWith(noexec)) {
                throw new UnsatisfiedLinkError("failed to map segment from shared object");
            }
            return NativeLibrary.getProcess();
        };
        Bundled.open(CONTENT, "library", List.of(noexec, good), loader);
        assertEquals(2, asked.size());
        assertFalse(Files.exists(asked.get(0).getParent()));
        assertTrue(Files.exists(asked.get(1)));

        // Another class loader has the one that was unpacked.
        Bundled.open(CONTENT, "library", List.of(noexec, good), loader);
        assertEquals(asked.get(1), asked.get(2));

        // One that somebody wrote to is not trusted.
        Files.write(asked.get(1), new byte[] {9});
        Bundled.open(CONTENT, "library", List.of(good), loader);
        assertFalse(asked.get(3).equals(asked.get(1)));
    }

    @Test
    void whereNothingServesAllThatWasTriedIsTold() throws Exception {
        Path taken = Files.write(folder.resolve("file"), CONTENT);
        Path noexec = folder.resolve("noexec");
        Bundled.Loader loader = file -> {
            throw new UnsatisfiedLinkError("failed to map segment");
        };
        byte[] content = {4, 5, 6};
        String told = assertThrows(
                        UnsatisfiedLinkError.class,
                        () -> Bundled.open(content, "library", List.of(taken, noexec), loader))
                .getMessage();
        assertTrue(told.contains(taken + ": "), told);
        assertTrue(told.contains(noexec + ": failed to map segment"), told);
        assertTrue(told.contains("ossup.library"), told);
    }

    @Test
    void platformsHaveNamesOfTheirOwn() {
        assertEquals("linux-x86_64", PlatformName.of("Linux", "amd64", false));
        assertEquals("linux-musl-aarch64", PlatformName.of("Linux", "aarch64", true));
        assertEquals("linux-musl-x86_64", PlatformName.of("Linux", "amd64", true));
        assertEquals("linux-aarch64", PlatformName.of("Linux", "aarch64", false));
        assertEquals("windows-x86_64", PlatformName.of("Windows Server 2022", "amd64", false));
        assertEquals("windows-x86_64", PlatformName.of("Windows 11", "amd64", false));
        assertEquals("windows-aarch64", PlatformName.of("Windows 11", "aarch64", false));
        assertEquals("macos-aarch64", PlatformName.of("Mac OS X", "aarch64", false));
    }
}
