package io.ossup.compat;

import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;

/** Text in an address. */
final class Percent {
    private Percent() {}

    /** What is no letter, digit or one of -_. as %XX. */
    static String encode(String text) {
        try {
            return URLEncoder.encode(text, "UTF-8").replace("+", "%20").replace("*", "%2A");
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
