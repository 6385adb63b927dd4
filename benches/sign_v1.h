/* OSS's signature version 1, the one that takes the least code: base64(HMAC-SHA1(secret, text)). */
#ifndef SIGN_V1_H
#define SIGN_V1_H

enum { SIGNATURE_SIZE = 29 };

/* Signs a NUL-terminated text with a NUL-terminated secret of at most 64 bytes. */
void sign_v1(const char *secret, const char *text, char signature[SIGNATURE_SIZE]);

#endif
