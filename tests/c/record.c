/* ossup_record and its list: of an upload that runs, of a paused one, of what is none, and deleted. SLOW is throttled. */
#define _POSIX_C_SOURCE 200809L

#include "fixture.h"
#include "system.h"

#include <time.h>

#define SLOW "record/slow"
enum { LENGTH = 3000000, PART_SIZE = 102400, PARTS = 30 };

static ossup_request *request_of(const char *file, const char *folder)
{
    ossup_request *request = make_request(SLOW, file);
    CHECK_STATUS(OSSUP_OK, ossup_request_set_enable_checkpoint(request, true));
    CHECK_STATUS(OSSUP_OK, ossup_request_set_checkpoint_dir(request, folder));
    return request;
}

/* Waits until the only record in the folder knows of a part, and reads it. */
static ossup_record_list *list_half_way(const ossup_upload *upload, const char *folder)
{
    const struct timespec moment = {0, 5000000};
    for (;;) {
        ossup_record_list *list = NULL;
        CHECK_STATUS(OSSUP_OK, ossup_record_list_read(folder, &list, NULL));
        const ossup_record *record = ossup_record_list_get(list, 0);
        if (ossup_record_parts_confirmed(record) > 0) return list;
        ossup_record_list_free(list);
        CHECK(!ossup_upload_is_done(upload));
        nanosleep(&moment, NULL);
    }
}

static void check_fields(const ossup_record *record)
{
    CHECK(ossup_record_get_state(record) == OSSUP_RECORD_UPLOADING);
    CHECK_TEXT(BUCKET, ossup_record_bucket_name(record));
    CHECK_TEXT(SLOW, ossup_record_key(record));
    CHECK(*ossup_record_upload_id(record) != '\0');
    CHECK(ossup_record_part_size(record) == PART_SIZE);
    CHECK(ossup_record_parts_total(record) == PARTS);
    CHECK(ossup_record_bytes_total(record) == LENGTH);
    CHECK(ossup_record_bytes_confirmed(record) == (uint64_t)ossup_record_parts_confirmed(record) * PART_SIZE);
    CHECK(ossup_record_completing_since(record) == 0);
}

static void of_an_upload(ossup_client *client, const char *file, const char *folder)
{
    ossup_request *request = request_of(file, folder);
    ossup_upload *upload = NULL;
    ossup_record *record = NULL;
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    ossup_record_list *list = list_half_way(upload, folder);
    CHECK(ossup_record_list_count(list) == 1);
    CHECK(ossup_record_list_get(list, 1) == NULL);
    check_fields(ossup_record_list_get(list, 0));
    const char *path = ossup_record_path(ossup_record_list_get(list, 0));
    CHECK_STATUS(OSSUP_BUSY, ossup_record_delete(path, &error));
    check_error(&error, "in use");

    CHECK_STATUS(OSSUP_OK, ossup_upload_pause(upload));
    CHECK_STATUS(OSSUP_PAUSED, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_record_read(path, &record, NULL));
    check_fields(record);
    /* The good keeper: first the upload, then its record. */
    CHECK_STATUS(OSSUP_OK,
                 ossup_client_abort_incomplete_upload(client, ossup_record_bucket_name(record), ossup_record_key(record),
                                                      ossup_record_upload_id(record), NULL));
    CHECK_STATUS(OSSUP_OK, ossup_record_delete(path, NULL));
    CHECK_STATUS(OSSUP_CHECKPOINT_UNUSABLE, ossup_record_delete(path, &error));
    check_error(&error, path);
    ossup_record_free(record);
    ossup_record_list_free(list);
    CHECK_STATUS(OSSUP_OK, ossup_record_list_read(folder, &list, NULL));
    CHECK(ossup_record_list_count(list) == 0);
    ossup_record_list_free(list);
    ossup_upload_free(upload);
    ossup_request_free(request);
}

static void of_what_is_none(const char *file, const char *folder)
{
    static const struct {
        const char *bytes;
        ossup_record_state state;
    } SAYS[] = {
        {"", OSSUP_RECORD_BLANK},
        {"ossup checkpoint 1 0000000000000000\n", OSSUP_RECORD_BLANK},
        {"ossup checkpoint 1 0000000000000000\nhalf a head", OSSUP_RECORD_DAMAGED},
        {"ossup checkpoint 9 anything\n", OSSUP_RECORD_TOO_NEW},
    };
    struct path path = path_of("other.ucp");
    ossup_record *record = NULL;
    ossup_record_list *list = NULL;
    ossup_error *error = NULL;
    for (size_t i = 0; i < sizeof SAYS / sizeof *SAYS; i++) {
        write_bytes(path.text, SAYS[i].bytes, strlen(SAYS[i].bytes));
        CHECK_STATUS(OSSUP_OK, ossup_record_read(path.text, &record, NULL));
        CHECK(ossup_record_get_state(record) == SAYS[i].state);
        CHECK_TEXT(path.text, ossup_record_path(record));
        CHECK(ossup_record_key(record) == NULL && ossup_record_bytes_total(record) == 0);
        ossup_record_free(record);
        CHECK_STATUS(OSSUP_OK, ossup_record_delete(path.text, NULL));
    }
    CHECK_STATUS(OSSUP_CHECKPOINT_FOREIGN, ossup_record_read(file, &record, &error));
    check_error(&error, file);
    CHECK_STATUS(OSSUP_CHECKPOINT_FOREIGN, ossup_record_read(folder, &record, NULL));
    CHECK_STATUS(OSSUP_CHECKPOINT_FOREIGN, ossup_record_delete(file, &error));
    check_error(&error, file);
    CHECK_STATUS(OSSUP_CHECKPOINT_UNUSABLE, ossup_record_list_read(file, &list, &error));
    check_error(&error, file);
}

static void of_nothing(const char *file)
{
    ossup_record *record = NULL;
    ossup_record_list *list = NULL;
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_read(NULL, &record, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_read(file, NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_delete(NULL, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_list_read(NULL, &list, NULL));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_record_list_read(file, NULL, NULL));
    CHECK(ossup_record_get_state(NULL) == OSSUP_RECORD_BLANK && ossup_record_path(NULL) == NULL);
    CHECK(ossup_record_bucket_name(NULL) == NULL && ossup_record_key(NULL) == NULL);
    CHECK(ossup_record_upload_id(NULL) == NULL && ossup_record_part_size(NULL) == 0);
    CHECK(ossup_record_parts_total(NULL) == 0 && ossup_record_parts_confirmed(NULL) == 0);
    CHECK(ossup_record_bytes_total(NULL) == 0 && ossup_record_bytes_confirmed(NULL) == 0);
    CHECK(ossup_record_completing_since(NULL) == 0);
    CHECK(ossup_record_list_count(NULL) == 0 && ossup_record_list_get(NULL, 0) == NULL);
    ossup_record_free(NULL);
    ossup_record_list_free(NULL);
}

int main(void)
{
    struct path file = make_file("record.bin", LENGTH);
    struct path folder = path_of("records");
    ossup_client *client = make_client();
    make_folder(folder.text);
    of_an_upload(client, file.text, folder.text);
    of_what_is_none(file.text, folder.text);
    of_nothing(file.text);
    ossup_client_free(client);
    CHECK_STATUS(OSSUP_OK, ossup_shutdown(10000));
    return 0;
}
