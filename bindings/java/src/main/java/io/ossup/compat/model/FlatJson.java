package io.ossup.compat.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An object of JSON whose members are texts, true or false. */
final class FlatJson {
    private static final String PLAIN = "[^\"\\\\\\p{Cntrl}]*+";
    private static final String ESCAPED = "\\\\(?:[\"\\\\/bfnrt]|u[0-9a-fA-F]{4})";
    private static final String TEXT = "\"(" + PLAIN + "(?:" + ESCAPED + PLAIN + ")*+)\"";
    private static final Pattern MEMBER = Pattern.compile("\\s*" + TEXT + "\\s*:\\s*(?:" + TEXT + "|(true|false))\\s*");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(.{4})|(.))");
    private static final String SHORT = "bfnrt";
    private static final String MEANT = "\b\f\n\r\t";
    private static final int HEXADECIMAL = 16;

    private FlatJson() {}

    /** The members, in their order. What is no such object is refused by its name. */
    static Map<String, String> parse(String name, String json) {
        String text = json.trim();
        Map<String, String> members = new LinkedHashMap<>();
        Matcher member = MEMBER.matcher(text);
        int at = 1;
        while (text.startsWith(at == 1 ? "{" : ",", at - 1) && member.region(at, text.length()).lookingAt()) {
            String value = member.group(2) != null ? unescape(member.group(2)) : member.group(3);
            members.put(unescape(member.group(1)), value);
            at = member.end() + 1;
        }
        if (members.isEmpty() || at != text.length() || !text.endsWith("}")) {
            throw new IllegalArgumentException(name + ": it is no JSON object of texts, such as {\"callbackUrl\":\"…\"}");
        }
        return members;
    }

    private static String unescape(String text) {
        Matcher escape = ESCAPE.matcher(text);
        StringBuffer plain = new StringBuffer();
        while (escape.find()) {
            escape.appendReplacement(plain, Matcher.quoteReplacement(String.valueOf(meant(escape))));
        }
        return escape.appendTail(plain).toString();
    }

    private static char meant(Matcher escape) {
        if (escape.group(1) != null) {
            return (char) Integer.parseInt(escape.group(1), HEXADECIMAL);
        }
        char letter = escape.group(2).charAt(0);
        int known = SHORT.indexOf(letter);
        return known < 0 ? letter : MEANT.charAt(known);
    }
}
