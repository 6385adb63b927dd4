package io.ossup;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text on its way to C and back: UTF-8, whatever the default encoding is. */
final class Text {
    private Text() {}

    /** The text with a NUL behind it; null for null. Text that C would not see to its end, or that is none, is refused. */
    static byte[] toC(String name, String text) throws OssUploadException {
        if (text == null) {
            return null;
        }
        if (text.indexOf('\0') >= 0) {
            throw OssUploadException.invalidArgument(name + " has a NUL in it");
        }
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] terminated = new byte[bytes.remaining() + 1];
            bytes.get(terminated, 0, bytes.remaining());
            return terminated;
        } catch (CharacterCodingException error) {
            throw OssUploadException.invalidArgument(name + " has half a character in it");
        }
    }

    /** A text that C lends; null for NULL. */
    static String fromC(Pointer text) {
        return text == null ? null : text.getString(0, "UTF-8");
    }
}
