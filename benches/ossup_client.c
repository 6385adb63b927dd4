#include "ossup_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int failed(const char *what, ossup_status status, const ossup_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, ossup_status_name(status),
            error == NULL ? "no more is known" : ossup_error_message(error));
    return 1;
}

ossup_status make_client(const char *endpoint, const char *ca_file, ossup_client **client, ossup_error **error)
{
    ossup_config *config = NULL;
    if (ossup_config_new(&config) != OSSUP_OK) return OSSUP_INTERNAL;
    ossup_config_set_endpoint(config, endpoint);
    ossup_config_set_region(config, "cn-hangzhou");
    ossup_config_set_path_style(config, true);
    ossup_config_add_environment_credentials(config);
    if (ca_file != NULL) ossup_config_set_ca_file(config, ca_file);
    ossup_status status = ossup_client_new(config, client, error);
    ossup_config_free(config);
    return status;
}

ossup_request *make_request(const char *bucket, const char *key, const char *file, const char *records)
{
    ossup_request *request = NULL;
    if (ossup_request_new(&request) != OSSUP_OK) return NULL;
    ossup_request_set_bucket_name(request, bucket);
    ossup_request_set_key(request, key);
    ossup_request_set_upload_file(request, file);
    if (strcmp(records, "-") != 0) {
        ossup_request_set_enable_checkpoint(request, true);
        ossup_request_set_checkpoint_dir(request, records);
    }
    return request;
}

int upload_file(char **words, const char *records, uint64_t bytes_per_second)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    ossup_request *request = make_request(words[2], words[3], words[4], records);
    ossup_request_set_part_size(request, strtoull(words[5], NULL, 10));
    ossup_request_set_task_num(request, (uint32_t)strtoul(words[6], NULL, 10));
    ossup_request_set_bandwidth_limit(request, bytes_per_second);
    ossup_status status = make_client(words[1], words[8], &client, &error);
    if (status != OSSUP_OK) return failed("client", status, error);
    status = ossup_client_upload_file(client, request, NULL, &error);
    if (status != OSSUP_OK) return failed("upload", status, error);
    ossup_request_free(request);
    ossup_client_free(client);
    return 0;
}
