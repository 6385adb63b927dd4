/* The requests of an upload, each signed and answered in full, with nothing around them. */
#ifndef OSS_H
#define OSS_H

#include <stdint.h>

enum { MAX_PARTS = 10000, ETAG_SIZE = 48, UPLOAD_ID_SIZE = 128 };

/* What requests speak of. */
struct object {
    const char *endpoint, *bucket, *key;
    int file;
    uint64_t size;
};

struct upload {
    struct object object;
    char id[UPLOAD_ID_SIZE];
    uint64_t part_size;
    uint32_t parts;
    char etags[MAX_PARTS][ETAG_SIZE];
};

/* Opens a file and notes its size. */
void oss_open(struct object *object, const char *path);

/* Plans the parts of an object whose file is open. */
void oss_plan(struct upload *upload, uint64_t part_size);

/* Sends the whole file as one object. */
void oss_put(int connection, const struct object *object);

void oss_initiate(int connection, struct upload *upload);

/* Sends a part, which counts from 0, and keeps its ETag. */
void oss_send_part(int connection, struct upload *upload, uint32_t index);

/* Takes over the ETags of all parts that the server has, page by page. */
void oss_list_parts(int connection, struct upload *upload);

void oss_complete(int connection, const struct upload *upload);

#endif
