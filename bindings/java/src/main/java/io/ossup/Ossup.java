package io.ossup;

import java.time.Duration;

/** The library as a whole, of which a process has one. */
public final class Ossup {
    private Ossup() {}

    /** The library's version, such as "0.1.0". */
    public static String version() {
        return Text.fromC(LibOssup.ossup_version());
    }

    /** The binary interface's version. */
    public static int abiVersion() {
        return LibOssup.ossup_abi_version();
    }

    /** A few lines for a support ticket, with nothing of the program's in them. */
    public static String diagnostics() {
        return Text.fromC(LibOssup.ossup_diagnostics());
    }

    /**
     * Sets how many threads carry all uploads of the process over the network: 1 to 64, 2 by default.
     *
     * @throws OssUploadException with {@link OssStatus#INVALID_STATE} once they were started
     */
    public static void setWorkerThreads(int threads) throws OssUploadException {
        OssUploadException.check(LibOssup.ossup_set_worker_threads(threads));
    }

    /**
     * Pauses all uploads of the process and ends the library's threads; nothing can be started any more. It is for the end of a
     * main program. {@link OssUploadClient#close} is enough for others.
     *
     * @param timeout how long to wait for what hangs
     * @return whether all ended; another call waits for the rest
     */
    public static boolean shutdown(Duration timeout) {
        return LibOssup.ossup_shutdown(Millis.toWait(timeout)) == OssStatus.OK.number;
    }
}
