/* Loaded before a program: calls that change files of one folder fail, from the nth on.
 *
 * OSSUP_TEST_DISK_FOLDER  the folder; calls on other files are left alone
 * OSSUP_TEST_DISK_LOG     where each call on its files is told, a line each
 * OSSUP_TEST_DISK_FROM    the first call that fails, from 1
 * OSSUP_TEST_DISK_TIMES   how many fail
 * OSSUP_TEST_DISK_ERRNO   what they fail with
 * OSSUP_TEST_DISK_SHORT   set: the first of them, if it writes, writes half of the bytes
 * OSSUP_TEST_DISK_READS   set: calls that read without a position, as a record is read, count and fail as well
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum verdict { PASS, FAIL, HALF };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long calls;

static unsigned long number(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? 0 : strtoul(text, NULL, 10);
}

static int is_in_folder(int fd)
{
    char link[64], path[4096];
    const char *folder = getenv("OSSUP_TEST_DISK_FOLDER");
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (folder == NULL || length < 0) return 0;
    path[length] = '\0';
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void tell(const char *call)
{
    const char *path = getenv("OSSUP_TEST_DISK_LOG");
    int log = path == NULL ? -1 : open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (log < 0 || write(log, call, strlen(call)) < 0) abort();
    close(log);
}

static enum verdict judge(int fd, const char *call)
{
    if (!is_in_folder(fd)) return PASS;
    pthread_mutex_lock(&lock);
    unsigned long this = ++calls, from = number("OSSUP_TEST_DISK_FROM");
    tell(call);
    pthread_mutex_unlock(&lock);
    if (from == 0 || this < from || this - from >= number("OSSUP_TEST_DISK_TIMES")) return PASS;
    errno = (int)number("OSSUP_TEST_DISK_ERRNO");
    return this == from && getenv("OSSUP_TEST_DISK_SHORT") != NULL ? HALF : FAIL;
}

/* C has no cast from a pointer to data to one to a function. */
static void find(const char *name, void *function)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) abort();
    memcpy(function, &found, sizeof found);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset)
{
    ssize_t (*real)(int, const void *, size_t, off64_t);
    find("pwrite64", &real);
    switch (judge(fd, "pwrite\n")) {
    case FAIL: return -1;
    case HALF: return real(fd, bytes, count / 2, offset);
    default: return real(fd, bytes, count, offset);
    }
}

int ftruncate64(int fd, off64_t length)
{
    int (*real)(int, off64_t);
    find("ftruncate64", &real);
    return judge(fd, "ftruncate\n") == PASS ? real(fd, length) : -1;
}

int fdatasync(int fd)
{
    int (*real)(int);
    find("fdatasync", &real);
    return judge(fd, "fdatasync\n") == PASS ? real(fd) : -1;
}

int fsync(int fd)
{
    int (*real)(int);
    find("fsync", &real);
    return judge(fd, "fsync\n") == PASS ? real(fd) : -1;
}

ssize_t read(int fd, void *bytes, size_t count)
{
    ssize_t (*real)(int, void *, size_t);
    find("read", &real);
    if (getenv("OSSUP_TEST_DISK_READS") == NULL) return real(fd, bytes, count);
    return judge(fd, "read\n") == PASS ? real(fd, bytes, count) : -1;
}
