/*
 * The same upload as raw_send.c through the library, with its CRC-64 and with a checkpoint or without one. It prints the
 * CRC-64 that the result names.
 */
#include "ossup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char *what, ossup_status status, const ossup_error *error)
{
    fprintf(stderr, "%s: %s: %s\n", what, ossup_status_name(status),
            error == NULL ? "no more is known" : ossup_error_message(error));
    return 1;
}

static ossup_config *make_config(const char *endpoint, const char *ca_file)
{
    ossup_config *config = NULL;
    if (ossup_config_new(&config) != OSSUP_OK) return NULL;
    ossup_config_set_endpoint(config, endpoint);
    ossup_config_set_region(config, "cn-hangzhou");
    ossup_config_set_path_style(config, true);
    ossup_config_set_credentials(config, getenv("OSS_ACCESS_KEY_ID"), getenv("OSS_ACCESS_KEY_SECRET"), NULL);
    if (ca_file != NULL) ossup_config_set_ca_file(config, ca_file);
    return config;
}

static ossup_request *make_request(char **words)
{
    ossup_request *request = NULL;
    if (ossup_request_new(&request) != OSSUP_OK) return NULL;
    ossup_request_set_bucket_name(request, words[0]);
    ossup_request_set_key(request, words[1]);
    ossup_request_set_upload_file(request, words[2]);
    ossup_request_set_part_size(request, strtoull(words[3], NULL, 10));
    ossup_request_set_task_num(request, (uint32_t)strtoul(words[4], NULL, 10));
    ossup_request_set_enable_checkpoint(request, strcmp(words[5], "record") == 0);
    return request;
}

int main(int argc, char **argv)
{
    ossup_client *client = NULL;
    ossup_result *result = NULL;
    ossup_error *error = NULL;
    if (argc != 8 && argc != 9) {
        fputs("usage: ossup_upload ENDPOINT BUCKET KEY FILE PART_SIZE TASK_NUM record|bare [CA_FILE]\n", stderr);
        return 2;
    }
    ossup_config *config = make_config(argv[1], argv[8]);
    ossup_request *request = make_request(argv + 2);
    ossup_status status = ossup_client_new(config, &client, &error);
    if (status != OSSUP_OK) return fail("client", status, error);
    status = ossup_client_upload_file(client, request, &result, &error);
    if (status != OSSUP_OK) return fail("upload", status, error);
    printf("%" PRIu64 "\n", ossup_result_crc64(result));
    ossup_result_free(result);
    ossup_request_free(request);
    ossup_client_free(client);
    ossup_config_free(config);
    return fflush(stdout) == 0 ? 0 : 1;
}
