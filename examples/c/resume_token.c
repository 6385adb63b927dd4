/* Begins an upload on one machine and goes on with it on another that has the same file:
 *
 *     resume_token pause ENDPOINT REGION BUCKET KEY FILE > token     stops at half of it and prints a token
 *     resume_token go-on ENDPOINT REGION BUCKET KEY FILE < token     sends the rest
 */
#include <ossup.h>
#include <stdio.h>
#include <string.h>

static ossup_status failed(ossup_status status, ossup_error *error)
{
    const char *message = ossup_error_message(error);
    fprintf(stderr, "%s: %s\n", ossup_status_name(status), message == NULL ? "" : message);
    ossup_error_free(error);
    return status;
}

static void pause_at_half(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)user_data;
    if (progress->phase != OSSUP_PHASE_UPLOADING) return;
    if (progress->bytes_confirmed * 2 >= progress->bytes_total) ossup_upload_pause(upload);
}

/* What was sent stays on the server from now on, until somebody goes on from the token or aborts it. */
static ossup_status print_token(const ossup_upload *upload)
{
    ossup_resume_token *token = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_upload_resume_token(upload, &token, &error);
    if (status != OSSUP_OK) return failed(status, error);
    puts(ossup_resume_token_text(token));
    ossup_resume_token_free(token);
    return OSSUP_OK;
}

/* About 150 bytes for each of at most 10,000 parts. */
static const char *read_token(void)
{
    static char text[2 << 20];
    text[fread(text, 1, sizeof text - 1, stdin)] = '\0';
    text[strcspn(text, "\r\n")] = '\0';
    return text;
}

static ossup_status run(const ossup_client *client, const ossup_request *request, bool pausing)
{
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    ossup_status status = ossup_upload_new(client, request, &upload, &error);
    if (status == OSSUP_OK && pausing) status = ossup_upload_set_listener(upload, pause_at_half, NULL, NULL, NULL);
    if (status == OSSUP_OK) status = ossup_upload_start(upload, &error);
    if (status == OSSUP_OK) status = ossup_upload_wait(upload, -1, &error);
    if (pausing && status == OSSUP_PAUSED) {
        ossup_error_free(error); /* says that it was paused */
        status = print_token(upload);
    } else if (status != OSSUP_OK) {
        failed(status, error);
    } else if (pausing) {
        fputs("It was complete before it could be paused.\n", stderr);
    }
    ossup_upload_free(upload);
    return status;
}

int main(int argc, char **argv)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_request *request = NULL;
    ossup_error *error = NULL;
    bool pausing = argc == 7 && strcmp(argv[1], "pause") == 0;
    if (argc != 7 || (!pausing && strcmp(argv[1], "go-on") != 0)) {
        fprintf(stderr, "usage: %s pause|go-on ENDPOINT REGION BUCKET KEY FILE\n", argv[0]);
        return 2;
    }

    ossup_config_new(&config);
    ossup_config_set_endpoint(config, argv[2]);
    ossup_config_set_region(config, argv[3]);
    ossup_config_add_environment_credentials(config);
    ossup_request_new(&request);
    ossup_request_set_bucket_name(request, argv[4]);
    ossup_request_set_key(request, argv[5]);
    ossup_request_set_upload_file(request, argv[6]);
    if (!pausing) ossup_request_set_resume_token(request, read_token());

    ossup_status status = ossup_client_new(config, &client, &error);
    status = status == OSSUP_OK ? run(client, request, pausing) : failed(status, error);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    return status == OSSUP_OK ? 0 : 1;
}
