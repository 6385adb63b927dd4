package clients;

import java.util.Arrays;
import java.util.Objects;

/** What the cases expect. */
final class Check {
    private Check() {}

    /** A call that may end with any error. */
    interface Call {
        void run() throws Exception;
    }

    static void equal(Object found, Object expected) {
        if (!Objects.equals(found, expected)) {
            throw new AssertionError("found " + found + ", expected " + expected);
        }
    }

    static void sameBytes(byte[] found, byte[] expected) {
        if (!Arrays.equals(found, expected)) {
            throw new AssertionError("found " + found.length + " bytes, expected " + expected.length + " or others");
        }
    }

    /** The error that a call must end with. */
    static Exception errorOf(Call call) {
        try {
            call.run();
        } catch (Exception error) {
            return error;
        }
        throw new AssertionError("the call succeeded, an error was expected");
    }

    /** Expects an error of the service. */
    static void refused(Client client, String code, Call call) {
        Exception error = errorOf(call);
        if (!code.equals(client.code(error))) {
            throw new AssertionError("expected " + code, error);
        }
    }
}
