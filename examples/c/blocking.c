/* Uploads a file and waits for it. Run again after a crash, it goes on where it stopped. */
#include <ossup.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    ossup_config *config = NULL;
    ossup_client *client = NULL;
    ossup_request *request = NULL;
    ossup_error *error = NULL;
    if (argc != 6) {
        fprintf(stderr, "usage: %s ENDPOINT REGION BUCKET KEY FILE\n", argv[0]);
        return 2;
    }

    ossup_config_new(&config);
    ossup_config_set_endpoint(config, argv[1]); /* https://oss-cn-hangzhou.aliyuncs.com */
    ossup_config_set_region(config, argv[2]);   /* cn-hangzhou */
    ossup_config_add_environment_credentials(config); /* OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET */
    ossup_status status = ossup_client_new(config, &client, &error);

    ossup_request_new(&request);
    ossup_request_set_bucket_name(request, argv[3]);
    ossup_request_set_key(request, argv[4]);
    ossup_request_set_upload_file(request, argv[5]);
    ossup_request_set_task_num(request, 4);             /* parts at a time */
    ossup_request_set_part_size(request, 0);            /* chosen for the file */
    ossup_request_set_enable_checkpoint(request, true); /* the same call goes on after a crash */
    if (status == OSSUP_OK) status = ossup_client_upload_file(client, request, NULL, &error);

    if (status != OSSUP_OK) fprintf(stderr, "%s: %s\n", ossup_status_name(status), ossup_error_message(error));
    ossup_error_free(error);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    return status == OSSUP_OK ? 0 : 1;
}
