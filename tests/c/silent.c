/* Whatever the caller does wrong, nothing is printed: both outputs are a file meanwhile, and it stays empty. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"
#include "system.h"

static void provoke(void)
{
    struct path file = make_file("silent.bin", 1000), missing = path_of("missing.bin");
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("silent", file.text);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_config_set_region(NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_new(NULL, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_credentials(config, "ak", "wrong", NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_ACCESS_DENIED, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_upload_file(request, missing.text));
    CHECK_STATUS(OSSUP_SOURCE_UNREADABLE, ossup_client_upload_file(client, request, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_request_set_key(request, BAD_UTF8));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
}

int main(void)
{
    struct path heard = path_of("heard.txt");
    CHECK(printed(heard.text, provoke) == 0);
    return 0;
}
