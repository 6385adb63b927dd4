/* Paths in UTF-16, of any length, in the folder of the test. */
#ifndef WIDE_H
#define WIDE_H

#include "fixture.h"

#include <wchar.h>
#include <windows.h>

#define CHECK_WIDE(expected, text) check_wide((expected), (text), #text, __FILE__, __LINE__)

struct wide {
    wchar_t text[1024];
};

static inline void check_wide(const wchar_t *expected, const wchar_t *got, const char *what, const char *file, int line)
{
    if (got != NULL && wcscmp(expected, got) == 0) return;
    fprintf(stderr, "%s:%d: %s is '%ls', not '%ls'\n", file, line, what, got == NULL ? L"NULL" : got, expected);
    exit(1);
}

static inline struct wide wide_of(const char *text)
{
    struct wide wide;
    CHECK(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide.text, 1024) > 0);
    return wide;
}

static inline struct wide joined(const wchar_t *one, const wchar_t *other)
{
    struct wide wide;
    CHECK(wcslen(one) + wcslen(other) < 1024);
    wcscpy(wide.text, one);
    wcscat(wide.text, other);
    return wide;
}

/* As the system takes it however long it is, and whatever its names are. */
static inline struct wide verbatim(const wchar_t *path)
{
    return joined(L"\\\\?\\", path);
}

/* A path in the folder of the test, by the system's own separators. */
static inline struct wide wide_path_of(const wchar_t *name)
{
    struct wide path = wide_of(environment("OSSUP_TEST_DIR"));
    for (wchar_t *at = path.text; *at != L'\0'; at++) {
        if (*at == L'/') *at = L'\\';
    }
    return joined(joined(path.text, L"\\").text, name);
}

static inline struct wide make_folder(const wchar_t *path)
{
    CHECK(CreateDirectoryW(verbatim(path).text, NULL));
    return joined(path, L"");
}

/* A file by the name, whose bytes are those of make_file. */
static inline void make_wide_file(const wchar_t *path, size_t length)
{
    struct path plain = make_file("plain.bin", length);
    CHECK(MoveFileW(wide_of(plain.text).text, verbatim(path).text));
}

static inline bool is_there(const wchar_t *path)
{
    return GetFileAttributesW(verbatim(path).text) != INVALID_FILE_ATTRIBUTES;
}

/* A file of a few bytes. */
static inline void write_wide(const wchar_t *path, const char *bytes)
{
    DWORD length = (DWORD)strlen(bytes), written = 0;
    HANDLE file = CreateFileW(verbatim(path).text, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(WriteFile(file, bytes, length, &written, NULL) && written == length);
    CHECK(CloseHandle(file));
}

#endif
