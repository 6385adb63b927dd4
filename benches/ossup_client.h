/* What the programs that upload through the library share. */
#ifndef OSSUP_CLIENT_H
#define OSSUP_CLIENT_H

#include "ossup.h"

/* Says what failed, and returns an exit code. */
int failed(const char *what, ossup_status status, const ossup_error *error);

/* Makes a client with the credentials of the environment. `ca_file` may be NULL. */
ossup_status make_client(const char *endpoint, const char *ca_file, ossup_client **client, ossup_error **error);

/* Makes a request; `records` is the folder for the record, or "-" for none. */
ossup_request *make_request(const char *bucket, const char *key, const char *file, const char *records);

/*
 * Uploads a file by the blocking call, and returns an exit code. The words are a program's: ENDPOINT BUCKET KEY FILE PART_SIZE
 * TASK_NUM, another one, and perhaps CA_FILE. `bytes_per_second` is a cap; 0 is none.
 */
int upload_file(char **words, const char *records, uint64_t bytes_per_second);

#endif
