/*
 * Stands between a program and its disk (LD_PRELOAD): kills it in a chosen call, and notes what is durable.
 *
 * TORTURE_KILL="CALL N PERCENT": at the Nth CALL the program dies; at 0 before it, at 100 after it, in between when
 * that share of the bytes is written.
 * TORTURE_FOLDER, TORTURE_NOTES: of the files in the one folder, the other one gets
 *   INODE-BIRTH.bytes, a file's contents at its last fdatasync or fsync,
 *   names, a line "INODE-BIRTH NAME" for each file that was there at the folder's last fsync.
 * A file's birth tells it from an earlier one whose inode it was given.
 */
#define _GNU_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_LENGTH = 4096, WANTED = STATX_INO | STATX_BTIME | STATX_TYPE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int calls_left = -1;

/* ISO C has no conversion from an object's pointer to a function's. */
#define REAL(pointer, name) (*(void **)&(pointer) = dlsym(RTLD_NEXT, name))

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* Where in this call to die: a percentage, or -1 for not at all. */
static int share_to_do(const char *call)
{
    char wanted[16];
    int nth, percent, share = -1;
    const char *order = getenv("TORTURE_KILL");
    if (order == NULL || sscanf(order, "%15s %d %d", wanted, &nth, &percent) != 3) return -1;
    if (strcmp(wanted, call) != 0) return -1;
    pthread_mutex_lock(&lock);
    if (calls_left < 0) calls_left = nth;
    if (calls_left > 0 && --calls_left == 0) share = percent;
    pthread_mutex_unlock(&lock);
    return share;
}

/* A call that is done or not done. */
static int begin(const char *call)
{
    int share = share_to_do(call);
    if (share >= 0 && share < 100) die();
    return share;
}

static void end(int share)
{
    if (share >= 100) die();
}

/* ---- what is durable ---- */

struct note {
    char written[PATH_LENGTH], known[PATH_LENGTH];
};

static void name_note(struct note *note, const char *name)
{
    snprintf(note->written, sizeof note->written, "%s/%s.new", getenv("TORTURE_NOTES"), name);
    snprintf(note->known, sizeof note->known, "%s/%s", getenv("TORTURE_NOTES"), name);
}

static void identify(char *name, size_t size, const struct statx *file, const char *ending)
{
    unsigned long long inode = file->stx_ino, seconds = (unsigned long long)file->stx_btime.tv_sec;
    snprintf(name, size, "%llu-%llu%09u%s", inode, seconds, file->stx_btime.tv_nsec, ending);
}

static int copy_contents(int from, int to)
{
    char bytes[65536];
    off_t at = 0;
    ssize_t count;
    while ((count = pread(from, bytes, sizeof bytes, at)) > 0) {
        if (write(to, bytes, (size_t)count) != count) return -1;
        at += count;
    }
    return (int)count;
}

static int list_names(int to, const char *folder)
{
    DIR *listed = opendir(folder);
    struct dirent *entry;
    struct statx file;
    char id[64];
    if (listed == NULL) return -1;
    while ((entry = readdir(listed)) != NULL) {
        if (statx(dirfd(listed), entry->d_name, AT_SYMLINK_NOFOLLOW, WANTED, &file) != 0) continue;
        if (!S_ISREG(file.stx_mode)) continue;
        identify(id, sizeof id, &file, "");
        dprintf(to, "%s %s\n", id, entry->d_name);
    }
    return closedir(listed);
}

/* What a sync that is about to begin will make durable; it counts once the sync is done. */
static int prepare(struct note *note, int fd)
{
    const char *folder = getenv("TORTURE_FOLDER");
    struct stat watched;
    struct statx file;
    char name[64];
    int to, failed;
    if (folder == NULL || stat(folder, &watched) != 0) return -1;
    if (statx(fd, "", AT_EMPTY_PATH, WANTED, &file) != 0) return -1;
    if (S_ISDIR(file.stx_mode) && file.stx_ino != watched.st_ino) return -1;
    if (S_ISDIR(file.stx_mode)) snprintf(name, sizeof name, "names");
    else identify(name, sizeof name, &file, ".bytes");
    name_note(note, name);
    if ((to = open(note->written, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) < 0) return -1;
    failed = S_ISDIR(file.stx_mode) ? list_names(to, folder) : copy_contents(fd, to);
    return close(to) != 0 || failed ? -1 : 0;
}

static int sync_and_note(const char *call, int fd)
{
    int (*sync)(int), share = begin(call), result, prepared;
    struct note note;
    REAL(sync, call);
    prepared = prepare(&note, fd);
    result = sync(fd);
    if (result == 0 && prepared == 0) rename(note.written, note.known);
    end(share);
    return result;
}

/* ---- the calls ---- */

int fdatasync(int fd)
{
    return sync_and_note("fdatasync", fd);
}

int fsync(int fd)
{
    return sync_and_note("fsync", fd);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    ssize_t (*write_at)(int, const void *, size_t, off64_t), written;
    int share = share_to_do("pwrite64");
    REAL(write_at, "pwrite64");
    if (share == 0) die();
    written = write_at(fd, bytes, share < 0 ? count : count * (size_t)share / 100, at);
    if (share > 0) die();
    return written;
}

int ftruncate64(int fd, off64_t length)
{
    int (*cut)(int, off64_t), share = begin("ftruncate64"), result;
    REAL(cut, "ftruncate64");
    result = cut(fd, length);
    end(share);
    return result;
}

int unlink(const char *path)
{
    int (*real)(const char *), share = begin("unlink"), result;
    REAL(real, "unlink");
    result = real(path);
    end(share);
    return result;
}
