#include "sign_v1.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, DIGEST = 20 };

struct sha1 {
    uint32_t state[5];
    uint64_t length;
    unsigned char block[BLOCK];
};

static uint32_t rotate(uint32_t word, int bits)
{
    return word << bits | word >> (32 - bits);
}

static void take_block(struct sha1 *sha1)
{
    uint32_t words[80];
    for (int i = 0; i < 16; i++) {
        const unsigned char *four = sha1->block + 4 * i;
        words[i] = (uint32_t)four[0] << 24 | (uint32_t)four[1] << 16 | (uint32_t)four[2] << 8 | four[3];
    }
    for (int i = 16; i < 80; i++) {
        words[i] = rotate(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    }
    uint32_t a = sha1->state[0], b = sha1->state[1], c = sha1->state[2], d = sha1->state[3], e = sha1->state[4];
    for (int i = 0; i < 80; i++) {
        uint32_t mixed, constant;
        if (i < 20) mixed = (b & c) | (~b & d), constant = 0x5a827999;
        else if (i < 40) mixed = b ^ c ^ d, constant = 0x6ed9eba1;
        else if (i < 60) mixed = (b & c) | (b & d) | (c & d), constant = 0x8f1bbcdc;
        else mixed = b ^ c ^ d, constant = 0xca62c1d6;
        uint32_t next = rotate(a, 5) + mixed + e + constant + words[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    sha1->state[0] += a, sha1->state[1] += b, sha1->state[2] += c, sha1->state[3] += d, sha1->state[4] += e;
}

static void begin(struct sha1 *sha1)
{
    static const uint32_t START[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    memcpy(sha1->state, START, sizeof START);
    sha1->length = 0;
}

static void take(struct sha1 *sha1, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        sha1->block[sha1->length++ % BLOCK] = ((const unsigned char *)bytes)[i];
        if (sha1->length % BLOCK == 0) take_block(sha1);
    }
}

static void end(struct sha1 *sha1, unsigned char digest[DIGEST])
{
    unsigned char bits[8];
    for (int i = 0; i < 8; i++) bits[i] = (unsigned char)(sha1->length * 8 >> (56 - 8 * i));
    take(sha1, "\x80", 1);
    while (sha1->length % BLOCK != BLOCK - sizeof bits) take(sha1, "", 1);
    take(sha1, bits, sizeof bits);
    for (int i = 0; i < DIGEST; i++) digest[i] = (unsigned char)(sha1->state[i / 4] >> (24 - 8 * (i % 4)));
}

/* The digest of the secret, each of its bytes changed by the mask, and of what follows it. */
static void keyed(const char *secret, unsigned char mask, const void *bytes, size_t length,
                  unsigned char digest[DIGEST])
{
    struct sha1 sha1;
    unsigned char key[BLOCK] = {0};
    memcpy(key, secret, strlen(secret));
    for (int i = 0; i < BLOCK; i++) key[i] ^= mask;
    begin(&sha1);
    take(&sha1, key, sizeof key);
    take(&sha1, bytes, length);
    end(&sha1, digest);
}

static void base64(const unsigned char digest[DIGEST], char text[SIGNATURE_SIZE])
{
    static const char LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned char padded[DIGEST + 1] = {0};
    memcpy(padded, digest, DIGEST);
    for (int from = 0, to = 0; from < DIGEST; from += 3) {
        uint32_t three = (uint32_t)padded[from] << 16 | (uint32_t)padded[from + 1] << 8 | padded[from + 2];
        for (int shift = 18; shift >= 0; shift -= 6) text[to++] = LETTERS[three >> shift & 63];
    }
    text[SIGNATURE_SIZE - 2] = '=';
    text[SIGNATURE_SIZE - 1] = '\0';
}

void sign_v1(const char *secret, const char *text, char signature[SIGNATURE_SIZE])
{
    unsigned char inner[DIGEST], outer[DIGEST];
    keyed(secret, 0x36, text, strlen(text), inner);
    keyed(secret, 0x5c, inner, sizeof inner, outer);
    base64(outer, signature);
}
