/* Progress, as a program reads it whose header knows fewer fields than the library, or more. */
#include "fixture.h"

enum { SIZE = 250000, UNTOUCHED = 0x5a };

/* What the library says in a callback: how much of it there is. */
static void note_size(ossup_upload *upload, const ossup_progress *progress, void *user_data)
{
    (void)upload;
    *(size_t *)user_data = progress->struct_size;
}

int main(void)
{
    union {
        ossup_progress progress;
        unsigned char bytes[sizeof(ossup_progress) + 64];
    } place;
    size_t librarys = 0, known;
    struct path file = make_file("sizes.bin", SIZE);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "sizes", file.text, false);
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_listener(upload, note_size, NULL, &librarys, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK(librarys >= offsetof(ossup_progress, bytes_in_flight));

    memset(place.bytes, UNTOUCHED, sizeof place.bytes);
    place.progress.struct_size = sizeof place.progress;
    CHECK_STATUS(OSSUP_OK, ossup_upload_progress(upload, &place.progress));
    CHECK(place.progress.struct_size == sizeof place.progress);
    CHECK(place.progress.phase == OSSUP_PHASE_DONE);
    CHECK(place.progress.parts_total == 3 && place.progress.parts_confirmed == 3);
    CHECK(place.progress.bytes_total == SIZE && place.progress.bytes_confirmed == SIZE);

    /* Nothing behind what both know is written. */
    known = librarys < sizeof place.progress ? librarys : sizeof place.progress;
    for (size_t i = known; i < sizeof place.bytes; i++) CHECK(place.bytes[i] == UNTOUCHED);
    printf("%zu of %zu\n", sizeof place.progress, librarys);

    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}
