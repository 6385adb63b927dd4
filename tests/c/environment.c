/* Credentials that the environment names are read when the client is made, and never again. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"

static const char *const VARIABLES[] = {
    "OSS_ACCESS_KEY_ID",
    "OSS_ACCESS_KEY_SECRET",
    "OSS_SESSION_TOKEN",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALIBABA_CLOUD_ROLE_ARN",
    "ALIBABA_CLOUD_OIDC_PROVIDER_ARN",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_ROLE_SESSION_NAME",
    "ALIBABA_CLOUD_STS_ENDPOINT",
};

enum { BY_KEY, BY_ECS_ROLE, BY_OIDC_ROLE, SOURCES };

static ossup_client *make_client_of(int source)
{
    ossup_config *config = make_bare_config();
    ossup_client *client = NULL;
    if (source == BY_KEY) {
        CHECK_STATUS(OSSUP_OK, ossup_config_add_environment_credentials(config));
    } else if (source == BY_ECS_ROLE) {
        CHECK_STATUS(OSSUP_OK, ossup_config_set_ecs_metadata_endpoint(config, environment("OSSUP_TEST_METADATA")));
        CHECK_STATUS(OSSUP_OK, ossup_config_add_ecs_ram_role(config, NULL));
    } else {
        CHECK_STATUS(OSSUP_OK, ossup_config_add_oidc_role(config, NULL, NULL, NULL));
    }
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

int main(void)
{
    struct path file = make_file("environment.bin", 300000);
    ossup_client *clients[SOURCES];
    for (int source = 0; source < SOURCES; source++) clients[source] = make_client_of(source);
    for (size_t i = 0; i < sizeof VARIABLES / sizeof *VARIABLES; i++) {
        CHECK(getenv(VARIABLES[i]) != NULL);
        CHECK(setenv(VARIABLES[i], "changed", 1) == 0);
    }
    ossup_request *request = make_request("environment", file.text);
    for (int source = 0; source < SOURCES; source++) {
        CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(clients[source], request, NULL, NULL));
        ossup_client_free(clients[source]);
    }

    ossup_client *late = make_client_of(BY_KEY);
    CHECK_STATUS(OSSUP_ACCESS_DENIED, ossup_client_upload_file(late, request, NULL, NULL));
    ossup_client_free(late);
    ossup_request_free(request);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(60000));
    return 0;
}
