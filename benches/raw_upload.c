/*
 * The physical limit: a multipart upload with nothing around it. Each connection has a thread that reads and sends; no
 * CRC, no record, no retries, no timeouts.
 */
#define _XOPEN_SOURCE 700

#include "crew.h"
#include "http.h"
#include "oss.h"

#include <stdlib.h>
#include <unistd.h>

static struct upload upload;

static void send_part(int connection, uint32_t index)
{
    oss_send_part(connection, &upload, index);
}

int main(int argc, char **argv)
{
    if (argc != 8) fail("usage", "raw ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM IGNORED_CHECKPOINT_FOLDER");
    upload.object = (struct object){.endpoint = argv[1], .bucket = argv[2], .key = argv[3]};
    oss_open(&upload.object, argv[4]);
    oss_plan(&upload, strtoull(argv[5], NULL, 10));

    int connection = http_connect(argv[1]);
    oss_initiate(connection, &upload);
    crew_run(argv[1], strtoul(argv[6], NULL, 10), upload.parts, send_part);
    oss_complete(connection, &upload);
    close(connection);
    return 0;
}
