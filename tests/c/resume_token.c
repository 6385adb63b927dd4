/* ossup_resume_token: taken of a running, a paused and a finished upload, used, and of nothing. The key SLOW is throttled. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"

#include <time.h>

#define SLOW "token/slow"
enum { SIZE = 3000000 };

static void wait_for_parts(const ossup_upload *upload, uint32_t parts)
{
    const struct timespec moment = {0, 5000000};
    ossup_progress progress = {.struct_size = sizeof progress};
    do {
        nanosleep(&moment, NULL);
        CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &progress));
    } while (progress.parts_confirmed < parts);
}

static ossup_upload *half_way(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, SLOW, file, false);
    ossup_resume_token *token = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_resume_token(upload, &token, &error));
    check_error(&error, "not started");
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    wait_for_parts(upload, 2);
    return upload;
}

static void goes_on(ossup_client *client, const char *file, const ossup_resume_token *token)
{
    ossup_request *request = make_request(SLOW, file);
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_resume_token(request, ossup_resume_token_text(token)));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_task_num(request, 8));
    CHECK_STATUS(OSSUP_OK, ossup_client_upload_file(client, request, &result, NULL));
    CHECK(ossup_result_is_resumed(result));
    CHECK(ossup_result_parts_reused(result) >= 2);
    ossup_result_free(result);
    ossup_request_free(request);
}

static void of_a_running_upload(ossup_client *client, const char *file)
{
    ossup_upload *upload = half_way(client, file);
    ossup_resume_token *token = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_resume_token(upload, &token, NULL));
    CHECK(strncmp("ossup1.", ossup_resume_token_text(token), 7) == 0);
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    goes_on(client, file, token);
    ossup_resume_token_free(token);
}

static ossup_result *paused(ossup_client *client, const char *file)
{
    ossup_upload *upload = half_way(client, file);
    ossup_result *result = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    CHECK(ossup_result_is_resumable(result));
    ossup_upload_free(upload);
    return result;
}

static void of_a_paused_one(ossup_client *client, const char *file)
{
    ossup_resume_token *token = NULL;
    ossup_result *result = paused(client, file);
    CHECK_STATUS(OSSUP_OK, ossup_result_resume_token(result, &token));
    ossup_result_free(result);
    goes_on(client, file, token);
    ossup_resume_token_free(token);
}

static void of_a_finished_one(ossup_client *client, const char *file)
{
    ossup_upload *upload = make_upload(client, "token/done", file, false);
    ossup_resume_token *token = NULL;
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_resume_token(upload, &token, &error));
    check_error(&error, "nothing");
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_result_resume_token(result, &token));
    CHECK(token == NULL);
    ossup_result_free(result);
    ossup_upload_free(upload);
}

static void that_is_damaged(ossup_client *client, const char *file)
{
    ossup_request *request = make_request(SLOW, file);
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_request_set_resume_token(request, "ossup1.abc.0000000000000000"));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(client, request, &upload, &error));
    check_error(&error, "resume token");
    CHECK_STATUS(OSSUP_OK, ossup_request_set_resume_token(request, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    ossup_upload_free(upload);
    ossup_request_free(request);
}

static void of_nothing(void)
{
    ossup_resume_token *token = NULL;
    ossup_error *error = NULL;
    CHECK(ossup_resume_token_text(NULL) == NULL);
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_resume_token(NULL, &token, &error));
    check_error(&error, "upload");
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_result_resume_token(NULL, &token));
    CHECK(token == NULL);
    ossup_resume_token_free(NULL);
}

int main(void)
{
    struct path file = make_file("token.bin", SIZE);
    ossup_client *client = make_client();
    of_a_running_upload(client, file.text);
    of_a_paused_one(client, file.text);
    of_a_finished_one(client, file.text);
    that_is_damaged(client, file.text);
    of_nothing();
    /* What nobody has a token of goes with the library. */
    ossup_result *result = paused(client, file.text);
    ossup_upload *upload = half_way(client, file.text);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, 0, NULL));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_result_resume_token(result, &(ossup_resume_token *){NULL}));
    CHECK_STATUS(OSSUP_INVALID_STATE, ossup_upload_resume_token(upload, &(ossup_resume_token *){NULL}, NULL));
    ossup_result_free(result);
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}
