/*
 * The physical limit: a multipart upload with nothing around it. Each connection has a thread that reads 64 KiB and
 * sends them; no CRC, no record, no retries, no timeouts. It prints the CRC-64 that the server has of the object.
 */
#define _XOPEN_SOURCE 700

#include "http.h"
#include "sign_v1.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WINDOW = 64 * 1024, MAX_PARTS = 10000, ETAG_SIZE = 48, LINE_SIZE = 512 };

static struct {
    const char *endpoint, *bucket, *key, *id, *secret;
    char upload_id[128];
    int file;
    uint64_t size, part_size;
    uint32_t parts, next;
    pthread_mutex_t lock;
    char etags[MAX_PARTS][ETAG_SIZE];
} upload = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Sends the head of a request; `resource` is its query, which the signature covers. */
static void send_head(int connection, const char *method, const char *resource, uint64_t length)
{
    char date[32], text[LINE_SIZE], head[2 * LINE_SIZE], signature[SIGNATURE_SIZE];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    snprintf(text, sizeof text, "%s\n\n\n%s\n/%s/%s?%s", method, date, upload.bucket, upload.key, resource);
    sign_v1(upload.secret, text, signature);
    int size = snprintf(head, sizeof head,
                        "%s /%s/%s?%s HTTP/1.1\r\nHost: %s\r\nDate: %s\r\nAuthorization: OSS %s:%s\r\n"
                        "Content-Length: %" PRIu64 "\r\n\r\n",
                        method, upload.bucket, upload.key, resource, upload.endpoint + strlen("http://"), date,
                        upload.id, signature, length);
    if (size >= (int)sizeof head) fail("too long", head);
    http_send(connection, head, (size_t)size, length > 0);
}

static void expect_ok(int connection, struct answer *answer)
{
    http_answer(connection, answer);
    if (answer->status != 200) fail("refused", answer->text);
}

static void send_range(int connection, uint64_t offset, uint64_t length, char *window)
{
    while (length > 0) {
        size_t wanted = length < WINDOW ? (size_t)length : WINDOW;
        ssize_t count = pread(upload.file, window, wanted, (off_t)offset);
        if (count <= 0) fail("pread", count < 0 ? strerror(errno) : "the file ended");
        http_send(connection, window, (size_t)count, 0);
        offset += (uint64_t)count;
        length -= (uint64_t)count;
    }
}

static void send_part(int connection, uint32_t index, char *window)
{
    char resource[LINE_SIZE / 2];
    struct answer answer;
    uint64_t offset = index * upload.part_size, left = upload.size - offset;
    uint64_t length = left < upload.part_size ? left : upload.part_size;
    snprintf(resource, sizeof resource, "partNumber=%" PRIu32 "&uploadId=%s", index + 1, upload.upload_id);
    send_head(connection, "PUT", resource, length);
    send_range(connection, offset, length, window);
    expect_ok(connection, &answer);
    http_header(&answer, "etag:", upload.etags[index], ETAG_SIZE);
}

static uint32_t take_next(void)
{
    pthread_mutex_lock(&upload.lock);
    uint32_t index = upload.next < upload.parts ? upload.next++ : upload.parts;
    pthread_mutex_unlock(&upload.lock);
    return index;
}

static void *send_parts(void *unused)
{
    char window[WINDOW];
    int connection = http_connect(upload.endpoint);
    for (uint32_t index; (index = take_next()) < upload.parts;) send_part(connection, index, window);
    close(connection);
    return unused;
}

static void initiate(int connection)
{
    struct answer answer;
    send_head(connection, "POST", "uploads", 0);
    expect_ok(connection, &answer);
    const char *at = strstr(answer.body, "<UploadId>");
    if (at == NULL || sscanf(at, "<UploadId>%127[^<]", upload.upload_id) != 1) fail("no UploadId", answer.body);
}

static void complete(int connection)
{
    enum { PART_ROOM = 64 + ETAG_SIZE };
    static char body[64 + MAX_PARTS * PART_ROOM];
    char resource[LINE_SIZE / 2], crc64[24];
    struct answer answer;
    size_t length = (size_t)sprintf(body, "<CompleteMultipartUpload>");
    for (uint32_t i = 0; i < upload.parts; i++) {
        length += (size_t)sprintf(body + length,
                                  "<Part><PartNumber>%" PRIu32 "</PartNumber><ETag>%s</ETag></Part>", i + 1,
                                  upload.etags[i]);
    }
    length += (size_t)sprintf(body + length, "</CompleteMultipartUpload>");
    snprintf(resource, sizeof resource, "uploadId=%s", upload.upload_id);
    send_head(connection, "POST", resource, length);
    http_send(connection, body, length, 0);
    expect_ok(connection, &answer);
    http_header(&answer, "x-oss-hash-crc64ecma:", crc64, sizeof crc64);
    puts(crc64);
}

static void open_file(const char *path)
{
    struct stat status;
    upload.file = open(path, O_RDONLY);
    if (upload.file < 0 || fstat(upload.file, &status) != 0) fail(path, strerror(errno));
    upload.size = (uint64_t)status.st_size;
    uint64_t parts = (upload.size + upload.part_size - 1) / upload.part_size;
    if (parts == 0 || parts > MAX_PARTS) fail(path, "needs 1 to 10000 parts");
    upload.parts = (uint32_t)parts;
}

static void send_on(size_t connections)
{
    pthread_t *threads = calloc(connections, sizeof *threads);
    if (threads == NULL) fail("calloc", strerror(errno));
    for (size_t i = 0; i < connections; i++) {
        if (pthread_create(&threads[i], NULL, send_parts, NULL) != 0) fail("pthread_create", "refused");
    }
    for (size_t i = 0; i < connections; i++) pthread_join(threads[i], NULL);
    free(threads);
}

int main(int argc, char **argv)
{
    if (argc != 7) fail("usage", "raw_send ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM");
    upload.endpoint = argv[1], upload.bucket = argv[2], upload.key = argv[3];
    upload.id = getenv("OSS_ACCESS_KEY_ID"), upload.secret = getenv("OSS_ACCESS_KEY_SECRET");
    if (upload.id == NULL || upload.secret == NULL) fail("not set", "OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET");
    upload.part_size = strtoull(argv[5], NULL, 10);
    size_t task_num = strtoul(argv[6], NULL, 10);
    if (upload.part_size == 0 || task_num == 0) fail("usage", "PART_SIZE and TASK_NUM are numbers above 0");
    open_file(argv[4]);

    int connection = http_connect(upload.endpoint);
    initiate(connection);
    send_on(task_num);
    complete(connection);
    close(connection);
    return fflush(stdout) == 0 ? 0 : 1;
}
