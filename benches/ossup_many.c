/* Many small files through one client: so many uploads at a time, and a queue that tells which has ended. */
#include "folder.h"
#include "ossup_client.h"

#include <stdio.h>
#include <stdlib.h>

static ossup_status start(const ossup_client *client, const ossup_queue *queue, const char *bucket,
                          const struct folder *folder, uint32_t index, ossup_error **error)
{
    ossup_upload *upload = NULL;
    ossup_request *request = make_request(bucket, folder->names[index], folder->paths[index], "-");
    ossup_status status = ossup_upload_new(client, request, &upload, error);
    if (status == OSSUP_OK) status = ossup_upload_set_queue(upload, queue, index);
    if (status == OSSUP_OK) status = ossup_upload_start(upload, error);
    /* It goes on without its handle. */
    ossup_upload_free(upload);
    ossup_request_free(request);
    return status;
}

/* Waits until some upload has ended, and asks how. */
static ossup_status next_end(const ossup_queue *queue, ossup_error **error)
{
    ossup_event *event = NULL;
    ossup_upload *upload = NULL;
    ossup_status status;
    do {
        ossup_event_free(event);
        status = ossup_queue_next(queue, -1, &event);
    } while (status == OSSUP_OK && ossup_event_get_kind(event) != OSSUP_EVENT_COMPLETE);
    if (status == OSSUP_OK) status = ossup_event_upload(event, &upload);
    if (status == OSSUP_OK) status = ossup_upload_wait(upload, -1, error);
    ossup_upload_free(upload);
    ossup_event_free(event);
    return status;
}

int main(int argc, char **argv)
{
    struct folder folder = {0};
    ossup_client *client = NULL;
    ossup_queue *queue = NULL;
    ossup_error *error = NULL;
    if (argc != 5 && argc != 6) {
        fputs("usage: ossup-many ENDPOINT BUCKET FOLDER TASK_NUM [CA_FILE]\n", stderr);
        return 2;
    }
    if (!folder_read(&folder, argv[3])) {
        perror(argv[3]);
        return 1;
    }
    uint32_t task_num = (uint32_t)strtoul(argv[4], NULL, 10), started = 0;
    ossup_status status = make_client(argv[1], argv[5], &client, &error);
    if (status == OSSUP_OK) status = ossup_queue_new(&queue);
    for (uint32_t ended = 0; status == OSSUP_OK && ended < folder.count; ended++) {
        while (status == OSSUP_OK && started < folder.count && started - ended < task_num) {
            status = start(client, queue, argv[2], &folder, started++, &error);
        }
        if (status == OSSUP_OK) status = next_end(queue, &error);
    }
    if (status != OSSUP_OK) return failed("upload", status, error);
    ossup_queue_free(queue);
    ossup_client_free(client);
    return 0;
}
