/* The physical limit of many small files: one PutObject each, on so many connections. */
#define _XOPEN_SOURCE 700

#include "crew.h"
#include "folder.h"
#include "http.h"
#include "oss.h"

#include <stdlib.h>
#include <unistd.h>

static const char *endpoint, *bucket;
static struct folder folder;

static void send_file(int connection, uint32_t index)
{
    struct object object = {.endpoint = endpoint, .bucket = bucket, .key = folder.names[index]};
    oss_open(&object, folder.paths[index]);
    oss_put(connection, &object);
    close(object.file);
}

int main(int argc, char **argv)
{
    if (argc != 5) fail("usage", "raw_many ENDPOINT BUCKET FOLDER TASK_NUM");
    endpoint = argv[1], bucket = argv[2];
    if (!folder_read(&folder, argv[3])) fail("no folder", argv[3]);
    crew_run(endpoint, strtoul(argv[4], NULL, 10), folder.count, send_file);
    return 0;
}
