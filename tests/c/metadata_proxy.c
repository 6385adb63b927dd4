/* The environment names a proxy that nobody serves: OSS is not reached through it, the metadata service is. */
#include "fixture.h"

int main(void)
{
    struct path file = make_file("metadata_proxy.bin", 300000);
    ossup_config *config = make_bare_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("metadata_proxy", file.text);
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_ecs_metadata_endpoint(config, environment("OSSUP_TEST_METADATA")));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_ecs_ram_role(config, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_UNREACHABLE, ossup_client_upload_file(client, request, NULL, NULL));
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    return 0;
}
