/* A part of a program that is loaded while it runs, and that stands on the library: the program itself does not. */
#include "fixture.h"

void plugin_upload(const char *key);
void *plugin_begin(const char *key);
void plugin_finish(void *upload);

static ossup_client *make_client_of_plugin(void)
{
    const char *authority = getenv("OSSUP_TEST_CA");
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    if (authority != NULL) CHECK_STATUS(OSSUP_OK, ossup_config_set_ca_file(config, authority));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

static ossup_upload *start(const char *key)
{
    struct path file = make_file("plugin.bin", 300000);
    ossup_client *client = make_client_of_plugin();
    ossup_upload *upload = make_upload(client, key, file.text, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_client_free(client);
    return upload;
}

void plugin_upload(const char *key)
{
    plugin_finish(start(key));
}

void *plugin_begin(const char *key)
{
    return start(key);
}

void plugin_finish(void *upload)
{
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
}
