#define _XOPEN_SOURCE 700

#include "folder.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add(struct folder *folder, const char *parent, const char *name)
{
    size_t size = strlen(parent) + strlen(name) + 2, all = folder->count + 1;
    char **names = realloc(folder->names, all * sizeof *names);
    if (names != NULL) folder->names = names;
    char **paths = realloc(folder->paths, all * sizeof *paths);
    if (paths != NULL) folder->paths = paths;
    char *path = malloc(size);
    if (names == NULL || paths == NULL || path == NULL) return false;
    snprintf(path, size, "%s/%s", parent, name);
    paths[folder->count] = path;
    names[folder->count] = path + strlen(parent) + 1;
    folder->count++;
    return true;
}

bool folder_read(struct folder *folder, const char *path)
{
    const struct dirent *entry;
    bool whole = true;
    DIR *directory = opendir(path);
    if (directory == NULL) return false;
    while (whole && (entry = readdir(directory)) != NULL) {
        if (entry->d_name[0] != '.') whole = add(folder, path, entry->d_name);
    }
    closedir(directory);
    return whole;
}
