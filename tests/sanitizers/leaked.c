/* A fault on purpose: a handle that is never freed, and that nothing points to any more. */
#include "check.h"

static void forget(void)
{
    ossup_config *config = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_config_new(&config));
}

int main(void)
{
    for (int i = 0; i < 10; i++) forget();
    return 0;
}
