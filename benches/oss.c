#define _XOPEN_SOURCE 700

#include "oss.h"

#include "http.h"
#include "range.h"
#include "sign_v1.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { LINE_SIZE = 512, QUERY_SIZE = 256, ANSWER_SIZE = 8192, PAGE_SIZE = 1 << 20 };

/* Gives an answer room of its own on the stack. */
#define ANSWER(name, size)  \
    char name##_text[size]; \
    struct answer name = {.text = name##_text, .room = sizeof name##_text}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) fail("not set", name);
    return value;
}

/* Sends the head of a request; `query` is that part of its query which the signature covers, `rest` the other. */
static void send_head(int connection, const struct object *object, const char *method, const char *query,
                      const char *rest, uint64_t length)
{
    char date[32], text[LINE_SIZE], head[2 * LINE_SIZE], signature[SIGNATURE_SIZE];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    snprintf(text, sizeof text, "%s\n\n\n%s\n/%s/%s%s", method, date, object->bucket, object->key, query);
    sign_v1(variable("OSS_ACCESS_KEY_SECRET"), text, signature);
    int size = snprintf(head, sizeof head,
                        "%s /%s/%s%s%s HTTP/1.1\r\nHost: %s\r\nDate: %s\r\nAuthorization: OSS %s:%s\r\n"
                        "Content-Length: %" PRIu64 "\r\n\r\n",
                        method, object->bucket, object->key, query, rest, object->endpoint + strlen("http://"), date,
                        variable("OSS_ACCESS_KEY_ID"), signature, length);
    if (size >= (int)sizeof head) fail("too long", head);
    http_send(connection, head, (size_t)size, length > 0);
}

static void expect_ok(int connection, struct answer *answer)
{
    http_answer(connection, answer);
    if (answer->status != 200) fail("refused", answer->text);
}

void oss_open(struct object *object, const char *path)
{
    struct stat status;
    object->file = open(path, O_RDONLY);
    if (object->file < 0 || fstat(object->file, &status) != 0) fail(path, strerror(errno));
    object->size = (uint64_t)status.st_size;
}

void oss_plan(struct upload *upload, uint64_t part_size)
{
    if (part_size == 0) fail("usage", "PART_SIZE is a number above 0");
    uint64_t parts = (upload->object.size + part_size - 1) / part_size;
    if (parts == 0 || parts > MAX_PARTS) fail("the file", "needs 1 to 10000 parts");
    upload->part_size = part_size;
    upload->parts = (uint32_t)parts;
}

void oss_put(int connection, const struct object *object)
{
    ANSWER(answer, ANSWER_SIZE);
    send_head(connection, object, "PUT", "", "", object->size);
    send_range(connection, object->file, 0, object->size);
    expect_ok(connection, &answer);
}

void oss_initiate(int connection, struct upload *upload)
{
    ANSWER(answer, ANSWER_SIZE);
    send_head(connection, &upload->object, "POST", "?uploads", "", 0);
    expect_ok(connection, &answer);
    const char *at = strstr(answer.body, "<UploadId>");
    if (at == NULL || sscanf(at, "<UploadId>%127[^<]", upload->id) != 1) fail("no UploadId", answer.body);
}

void oss_send_part(int connection, struct upload *upload, uint32_t index)
{
    char query[QUERY_SIZE];
    ANSWER(answer, ANSWER_SIZE);
    uint64_t offset = index * upload->part_size, left = upload->object.size - offset;
    uint64_t length = left < upload->part_size ? left : upload->part_size;
    snprintf(query, sizeof query, "?partNumber=%" PRIu32 "&uploadId=%s", index + 1, upload->id);
    send_head(connection, &upload->object, "PUT", query, "", length);
    send_range(connection, upload->object.file, offset, length);
    expect_ok(connection, &answer);
    http_header(&answer, "etag:", upload->etags[index], ETAG_SIZE);
}

/* Takes over the ETags of a page; returns the number after which the next one begins, or 0 where there is none. */
static uint32_t take_page(struct upload *upload, const char *page)
{
    uint32_t number, last = 0;
    for (const char *at = page; (at = strstr(at, "<PartNumber>")) != NULL;) {
        const char *etag = strstr(at, "<ETag>");
        if (sscanf(at, "<PartNumber>%" SCNu32, &number) != 1 || number < 1 || number > MAX_PARTS) fail("a part", at);
        if (etag == NULL || sscanf(etag, "<ETag>%47[^<]", upload->etags[number - 1]) != 1) fail("no ETag", at);
        last = number;
        at = etag;
    }
    return strstr(page, "<IsTruncated>true<") == NULL ? 0 : last;
}

void oss_list_parts(int connection, struct upload *upload)
{
    static char text[PAGE_SIZE];
    struct answer answer = {.text = text, .room = sizeof text};
    char query[QUERY_SIZE], rest[QUERY_SIZE];
    uint32_t after = 0;
    snprintf(query, sizeof query, "?uploadId=%s", upload->id);
    do {
        snprintf(rest, sizeof rest, "&max-parts=1000&part-number-marker=%" PRIu32, after);
        send_head(connection, &upload->object, "GET", query, rest, 0);
        expect_ok(connection, &answer);
        after = take_page(upload, answer.body);
    } while (after != 0);
}

void oss_complete(int connection, const struct upload *upload)
{
    enum { PART_ROOM = 64 + ETAG_SIZE };
    static char body[64 + MAX_PARTS * PART_ROOM];
    char query[QUERY_SIZE];
    ANSWER(answer, ANSWER_SIZE);
    size_t length = (size_t)sprintf(body, "<CompleteMultipartUpload>");
    for (uint32_t i = 0; i < upload->parts; i++) {
        length += (size_t)sprintf(body + length,
                                  "<Part><PartNumber>%" PRIu32 "</PartNumber><ETag>%s</ETag></Part>", i + 1,
                                  upload->etags[i]);
    }
    length += (size_t)sprintf(body + length, "</CompleteMultipartUpload>");
    snprintf(query, sizeof query, "?uploadId=%s", upload->id);
    send_head(connection, &upload->object, "POST", query, "", length);
    http_send(connection, body, length, 0);
    expect_ok(connection, &answer);
}
