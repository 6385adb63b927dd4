/* An upload through the library, by the blocking call, with all that is on by default. */
#include "ossup_client.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    if (argc != 8 && argc != 9) {
        fputs("usage: ossup ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM CHECKPOINT_FOLDER|- [CA_FILE]\n", stderr);
        return 2;
    }
    ossup_request *request = make_request(argv[2], argv[3], argv[4], argv[7]);
    ossup_request_set_part_size(request, strtoull(argv[5], NULL, 10));
    ossup_request_set_task_num(request, (uint32_t)strtoul(argv[6], NULL, 10));
    ossup_status status = make_client(argv[1], argv[8], &client, &error);
    if (status != OSSUP_OK) return failed("client", status, error);
    status = ossup_client_upload_file(client, request, NULL, &error);
    if (status != OSSUP_OK) return failed("upload", status, error);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}
