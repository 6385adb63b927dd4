/* The network as a C program meets it: the environment is read once, and an end is told once. The parts of LOST are
 * cut off by the server. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"
#include "system.h"

#define LOST "network/lost"
#define NOBODY "http://user:topsecret@127.0.0.1:1"

struct heard {
    unsigned complete, release;
    ossup_status status;
};

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct heard *heard = user_data;
    (void)upload;
    heard->status = status;
    heard->complete++;
}

static void on_release(void *user_data)
{
    ((struct heard *)user_data)->release++;
}

static ossup_client *impatient_client(void)
{
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, 2));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

static void an_end_is_told_once(const char *file)
{
    ossup_client *client = impatient_client();
    ossup_upload *upload = make_upload(client, LOST, file, true);
    ossup_result *result = NULL;
    struct heard heard = {0, 0, OSSUP_OK};
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, NULL, on_complete, &heard, on_release));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_CONNECTION_LOST, ossup_upload_wait(upload, -1, NULL));
    CHECK(heard.complete == 1 && heard.release == 1);
    CHECK_STATUS(OSSUP_CONNECTION_LOST, heard.status);
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    CHECK(ossup_result_is_resumable(result));
    ossup_result_free(result);
    ossup_upload_free(upload);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(-1));
    CHECK(heard.complete == 1 && heard.release == 1);
}

static void the_environment_is_read_once(const char *file)
{
    ossup_client *before, *after;
    ossup_request *request = make_request("network/once", file);
    ossup_error *error = NULL;
    set_variable("no_proxy", "");
    set_variable("NO_PROXY", "");
    set_variable("http_proxy", NOBODY);
    before = impatient_client();
    unset_variable("http_proxy");
    after = impatient_client();
    set_variable("http_proxy", NOBODY);
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(after, request, NULL, NULL));
    unset_variable("http_proxy");
    CHECK_STATUS(OSSUP_UNREACHABLE, ossup_client_upload_file(before, request, NULL, &error));
    CHECK_NAMES("through the proxy http://127.0.0.1:1", ossup_error_message(error));
    CHECK(strstr(ossup_error_message(error), "topsecret") == NULL);
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(before);
    ossup_client_free(after);
}

int main(void)
{
    struct path file = make_file("network.bin", 300000);
    the_environment_is_read_once(file.text);
    an_end_is_told_once(file.text);
    return 0;
}
