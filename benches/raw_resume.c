/*
 * The least that going on takes: asks which parts are there, sends those that are not, completes. It knows the upload's id
 * from its command line, and takes the server's word for everything.
 */
#include "http.h"
#include "oss.h"

#include <stdio.h>
#include <stdlib.h>

static struct upload upload;

int main(int argc, char **argv)
{
    if (argc != 7) fail("usage", "raw_resume ENDPOINT BUCKET KEY FILE PART_SIZE UPLOAD_ID");
    upload.object = (struct object){.endpoint = argv[1], .bucket = argv[2], .key = argv[3]};
    oss_open(&upload.object, argv[4]);
    oss_plan(&upload, strtoull(argv[5], NULL, 10));
    if (snprintf(upload.id, sizeof upload.id, "%s", argv[6]) >= UPLOAD_ID_SIZE) fail("too long", argv[6]);

    int connection = http_connect(argv[1]);
    oss_list_parts(connection, &upload);
    for (uint32_t i = 0; i < upload.parts; i++) {
        if (upload.etags[i][0] == '\0') oss_send_part(connection, &upload, i);
    }
    oss_complete(connection, &upload);
    return 0;
}
