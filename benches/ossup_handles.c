/* So many upload handles, made of one request and freed. */
#include "ossup_client.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    if (argc != 2) {
        fputs("usage: ossup-handles NUMBER\n", stderr);
        return 2;
    }
    ossup_status status = make_client("http://127.0.0.1:9", NULL, &client, &error);
    ossup_request *request = make_request("bench", "file.bin", "file.bin", "-");
    for (long left = strtol(argv[1], NULL, 10); status == OSSUP_OK && left > 0; left--) {
        ossup_upload *upload = NULL;
        status = ossup_upload_new(client, request, &upload, &error);
        ossup_upload_free(upload);
    }
    ossup_request_free(request);
    ossup_client_free(client);
    return status == OSSUP_OK ? 0 : failed("upload", status, error);
}
