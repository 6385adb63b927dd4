/* Uploads a file while the program does something else: its functions are told of progress and of the end. */
#include <inttypes.h>
#include <ossup.h>
#include <stdio.h>

/* What the functions know of the upload. They run one at a time, and none after `release`. */
struct job {
    const char *name;
    int told_percent;
};

/* 100 % is kept for the object being there. Lines are told for every tenth. */
static void on_progress(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    struct job *job = user_data;
    (void)upload;
    if (progress->bytes_total == 0) return;
    int percent = (int)((double)progress->bytes_confirmed * 100 / (double)progress->bytes_total);
    if (percent < job->told_percent + 10 || progress->phase == OSSUP_PHASE_DONE) return;
    job->told_percent = percent;
    printf("%s: %d %%\n", job->name, percent);
}

/* Any function may be called in here but those that wait; the upload is lent. */
static void on_complete(ossup_upload *upload, ossup_status status, void *user_data)
{
    const struct job *job = user_data;
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    if (ossup_upload_result(upload, &result) != OSSUP_OK) return;
    if (status == OSSUP_OK) {
        printf("%s: done, %" PRIu64 " bytes\n", job->name, ossup_result_bytes_total(result));
    } else if (ossup_result_error(result, &error) == OSSUP_OK) {
        printf("%s: %s: %s\n", job->name, ossup_status_name(status), ossup_error_message(error));
    }
    ossup_error_free(error);
    ossup_result_free(result);
}

/* From here on nobody calls with the job any more: a job from the heap would be freed. */
static void on_release(void *user_data)
{
    const struct job *job = user_data;
    printf("%s: let go\n", job->name);
}

int main(int argc, char **argv)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_request *request = NULL;
    ossup_upload *upload = NULL;
    ossup_error *error = NULL;
    struct job job = {.told_percent = 0};
    if (argc != 6) {
        fprintf(stderr, "usage: %s ENDPOINT REGION BUCKET KEY FILE\n", argv[0]);
        return 2;
    }

    ossup_config_new(&config);
    ossup_config_set_endpoint(config, argv[1]);
    ossup_config_set_region(config, argv[2]);
    ossup_config_add_environment_credentials(config);
    ossup_request_new(&request);
    ossup_request_set_bucket_name(request, argv[3]);
    ossup_request_set_key(request, argv[4]);
    ossup_request_set_upload_file(request, argv[5]);
    ossup_request_set_enable_checkpoint(request, true);
    job.name = argv[4];

    ossup_status status = ossup_client_new(config, &client, &error);
    if (status == OSSUP_OK) status = ossup_upload_new(client, request, &upload, &error);
    if (status == OSSUP_OK) status = ossup_upload_set_listener(upload, on_progress, on_complete, &job, on_release);
    if (status == OSSUP_OK) status = ossup_upload_start(upload, &error);
    if (status != OSSUP_OK) {
        fprintf(stderr, "%s: %s\n", ossup_status_name(status), error == NULL ? "" : ossup_error_message(error));
    } else {
        /* Here the program does its own work. When this returns, the functions have returned, too. */
        status = ossup_upload_wait(upload, -1, NULL);
    }

    ossup_error_free(error);
    ossup_upload_free(upload);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    return status == OSSUP_OK ? 0 : 1;
}
