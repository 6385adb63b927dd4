/* A disk that hangs, in a read or in an opening, holds up what lies on it and nothing else: other uploads go on, a pause, an
 * abort and a shutdown end in time, and the process ends. */
#define _GNU_SOURCE
#include "fixture.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum { LARGE = 3 << 20, SMALL = 300000, OTHERS = 20, SOON = 60000 };

static int (*hanging_calls)(void);

static void find_shim(void)
{
    void *found = dlsym(RTLD_DEFAULT, "hanging_calls");
    CHECK(found != NULL);
    memcpy(&hanging_calls, &found, sizeof found);
}

static double seconds(void)
{
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* A new file, which the system has forgotten: it has to ask the disk. */
static struct path make_cold_file(const char *name)
{
    struct path file = make_file(name, LARGE);
    int fd = open(file.text, O_RDONLY | O_CLOEXEC);
    CHECK(fd >= 0 && fsync(fd) == 0 && posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) == 0 && close(fd) == 0);
    return file;
}

/* Begins an upload and waits until the disk has swallowed a call of its. */
static ossup_upload *hang_in(ossup_client *client, const char *name)
{
    const struct timespec moment = {0, 2000000};
    struct path file = make_cold_file(name);
    int before = hanging_calls();
    ossup_upload *upload = make_upload(client, name, file.text, true);
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    for (double began = seconds(); hanging_calls() == before; nanosleep(&moment, NULL)) CHECK(seconds() < began + 120);
    return upload;
}

static void others_go_on(ossup_client *client, const char *file)
{
    for (int i = 0; i < OTHERS; i++) {
        char key[64];
        snprintf(key, sizeof key, "hanging/other %d", i);
        ossup_upload *upload = make_upload(client, key, file, true);
        CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
        CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, SOON, NULL));
        ossup_upload_free(upload);
    }
}

/* Each hangs in its way, and all are stopped together. */
static void they_are_stopped(ossup_client *client, const char *other)
{
    static const char *const NAMES[] = {"hung paused", "lost paused", "hung aborted", "lost aborted"};
    ossup_upload *uploads[4];
    for (int i = 0; i < 4; i++) uploads[i] = hang_in(client, NAMES[i]);
    others_go_on(client, other);
    for (int i = 0; i < 4; i++) CHECK_STATUS(OSSUP_TIMED_OUT, ossup_upload_wait(uploads[i], 0, NULL));
    for (int i = 0; i < 2; i++) CHECK_STATUS(OSSUP_OK, ossup_upload_pause(uploads[i]));
    for (int i = 2; i < 4; i++) CHECK_STATUS(OSSUP_OK, ossup_upload_abort(uploads[i]));
    for (int i = 0; i < 4; i++) {
        CHECK_STATUS(i < 2 ? OSSUP_PAUSED : OSSUP_ABORTED, ossup_upload_wait(uploads[i], SOON, NULL));
        ossup_upload_free(uploads[i]);
    }
}

int main(void)
{
    struct path other = make_file("other.bin", SMALL);
    ossup_client *client = make_client();
    find_shim();
    they_are_stopped(client, other.text);
    ossup_upload *last = hang_in(client, "hung at last");
    double began = seconds();
    CHECK_STATUS(OSSUP_TIMED_OUT, ossup_shutdown(500));
    CHECK(seconds() < began + SOON / 1000);
    ossup_status status = ossup_upload_wait(last, SOON, NULL);
    CHECK(status == OSSUP_PAUSED || status == OSSUP_SHUT_DOWN);
    ossup_upload_free(last);
    ossup_client_free(client);
    return 0;
}
