/* The files of a folder. */
#ifndef FOLDER_H
#define FOLDER_H

#include <stdbool.h>
#include <stdint.h>

struct folder {
    uint32_t count;
    /* Within the folder, and from here. */
    char **names, **paths;
};

/* Reads what is in a folder, except what begins with a dot. Nothing of it is ever freed. */
bool folder_read(struct folder *folder, const char *path);

#endif
