/* A panic in each worker: of two uploads that run at once at most one fails of it, each ends exactly once, and the library
   goes on. For a library with the feature `forced-panics`. */
#define _POSIX_C_SOURCE 200809L
#include "fixture.h"
#include "forced.h"

enum { SIZE = 300000, MOST = 500 };

struct heard {
    unsigned complete, release;
    ossup_status status;
};

static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)upload;
    (void)progress;
    CHECK(((struct heard *)user_data)->complete == 0);
}

static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    struct heard *heard = user_data;
    (void)upload;
    CHECK(heard->release == 0);
    heard->status = status;
    heard->complete++;
}

static void on_release(void *user_data)
{
    ((struct heard *)user_data)->release++;
}

static void on_log(ossup_log_level level, const char *message, ossup_upload *upload, void *user_data)
{
    (void)level;
    (void)upload;
    (void)user_data;
    CHECK(message != NULL);
}

static void provide(ossup_credentials_request *request, void *user_data)
{
    (void)user_data;
    CHECK_STATUS(OSSUP_OK, ossup_credentials_request_give(request, "ak", "sk", NULL, 0, NULL));
    ossup_credentials_request_free(request);
}

/* A client that asks the host for its credentials and tells it all that it does. */
static ossup_client *make_talking_client(uint32_t attempts)
{
    ossup_config *config = make_bare_config();
    ossup_client *client = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_provider(config, provide, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_log(config, OSSUP_LOG_TRACE, on_log, NULL, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_max_attempts(config, attempts));
    CHECK_STATUS(OSSUP_OK, ossup_config_set_progress_interval_ms(config, 1));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    ossup_config_free(config);
    return client;
}

/* Returns whether it failed, and sees to it that it did so of the panic. */
static bool failed(const ossup_upload *upload, const char *place)
{
    ossup_error *error = NULL;
    char text[64];
    if (ossup_upload_wait(upload, -1, &error) == OSSUP_OK) return false;
    snprintf(text, sizeof text, "forced in %s", place);
    CHECK_NAMES(text, ossup_error_message(error));
    CHECK_STATUS(OSSUP_INTERNAL, ossup_error_status(error));
    ossup_error_free(error);
    return true;
}

/* Two uploads at once, one of several parts with a record and one of a single request. */
static unsigned two_uploads(const char *place)
{
    struct path files[] = {path_of("panics-0.bin"), path_of("panics-1.bin")};
    struct heard heard[] = {{0, 0, OSSUP_OK}, {0, 0, OSSUP_OK}};
    ossup_client *client = make_talking_client(8);
    ossup_upload *uploads[2];
    unsigned failures = 0, told = 0;
    for (int i = 0; i < 2; i++) {
        uploads[i] = make_upload(client, files[i].text + strlen(files[i].text) - 12, files[i].text, i == 0);
        CHECK_STATUS(OSSUP_OK,
                     ossup_upload_set_listener(uploads[i], on_progress, on_complete, &heard[i], on_release));
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(uploads[i], NULL));
    }
    for (int i = 0; i < 2; i++) {
        failures += failed(uploads[i], place);
        CHECK(heard[i].complete == 1 && heard[i].release == 1);
        told += heard[i].status != OSSUP_OK;
        ossup_upload_free(uploads[i]);
    }
    CHECK(failures <= 1 && told >= failures && told <= 1);
    ossup_client_free(client);
    return failures;
}

/* The panic comes at the first time, at the second, and so on, until there are no more. */
static unsigned everywhere(const char *place)
{
    unsigned came = 0, failures = 0;
    for (; came < MOST; came++) {
        CHECK_STATUS(OSSUP_OK, ossup_test_panic(place, came));
        failures += two_uploads(place);
        if (!ossup_test_panicked()) break;
    }
    CHECK(came > 0 && came < MOST);
    CHECK(two_uploads(place) == 0);
    printf("%s: %u panics, of which %u uploads failed\n", place, came, failures);
    return failures;
}

/* Without another try, credentials that a panic cost are the upload's error. */
static void the_text_is_the_error(const char *place)
{
    struct path file = path_of("panics-0.bin");
    ossup_client *client = make_talking_client(1);
    ossup_upload *upload = make_upload(client, "panics/credentials", file.text, false);
    CHECK_STATUS(OSSUP_OK, ossup_test_panic(place, 0));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK(failed(upload, place));
    CHECK(ossup_test_panicked());
    ossup_upload_free(upload);
    ossup_client_free(client);
}

static void what_is_aborted_in_the_background(const char *place)
{
    struct path file = path_of("panics-0.bin");
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "panics/left", file.text, false);
    ossup_progress progress = {.struct_size = sizeof progress};
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 50000));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    do {
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.bytes_in_flight == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_test_panic(place, 0));
    ossup_upload_free(upload);
    CHECK_STATUS(OSSUP_OK, ossup_client_shutdown(client, -1));
    CHECK(ossup_test_panicked());
    ossup_client_free(client);
}

static void what_the_server_is_asked_for(const char *place)
{
    ossup_client *client = make_client();
    ossup_incomplete_uploads *found = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_test_panic(place, 0));
    CHECK_STATUS(OSSUP_INTERNAL, ossup_client_list_incomplete_uploads(client, BUCKET, NULL, 0, &found, &error));
    check_error(&error, "forced in list");
    CHECK(ossup_test_panicked());
    CHECK_STATUS(OSSUP_OK, ossup_client_list_incomplete_uploads(client, BUCKET, NULL, 0, &found, NULL));
    ossup_incomplete_uploads_free(found);
    ossup_client_free(client);
}

int main(void)
{
    make_file("panics-0.bin", SIZE);
    make_file("panics-1.bin", SIZE / 4);
    CHECK(everywhere("step") > 0);
    CHECK(everywhere("request") > 0);
    CHECK(everywhere("answer") > 0);
    CHECK(everywhere("disk") > 0);
    CHECK(everywhere("read") > 0);
    /* These cost nobody the upload. */
    CHECK(everywhere("progress") == 0);
    CHECK(everywhere("complete") == 0);
    CHECK(everywhere("end") == 0);
    CHECK(everywhere("log") == 0);
    CHECK(everywhere("refresh") == 0);
    CHECK(everywhere("provider") == 0);
    the_text_is_the_error("refresh");
    the_text_is_the_error("provider");
    what_is_aborted_in_the_background("leftover");
    what_the_server_is_asked_for("list");
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
