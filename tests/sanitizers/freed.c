/* A fault on purpose: text that is read after the handle that it belongs to was freed. */
#include "check.h"

int main(void)
{
    ossup_client *client = NULL;
    ossup_error *error = NULL;
    ossup_client_new(NULL, &client, &error);
    const char *message = ossup_error_message(error);
    ossup_error_free(error);
    return message[0] == '\0';
}
