/* Prints an address that may be put to for an hour, for clients that cannot sign. */
#include "http.h"
#include "sign_v1.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv)
{
    static const char HEX[] = "0123456789ABCDEF";
    char text[512], signature[SIGNATURE_SIZE];
    const char *id = getenv("OSS_ACCESS_KEY_ID"), *secret = getenv("OSS_ACCESS_KEY_SECRET");
    if (argc != 4) fail("usage", "presign ENDPOINT BUCKET KEY");
    if (id == NULL || secret == NULL) fail("not set", "OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET");
    long long end = (long long)time(NULL) + 3600;
    snprintf(text, sizeof text, "PUT\n\n\n%lld\n/%s/%s", end, argv[2], argv[3]);
    sign_v1(secret, text, signature);
    printf("%s/%s/%s?OSSAccessKeyId=%s&Expires=%lld&Signature=", argv[1], argv[2], argv[3], id, end);
    for (const char *at = signature; *at != '\0'; at++) {
        printf("%%%c%c", HEX[*at >> 4], HEX[*at & 15]);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
