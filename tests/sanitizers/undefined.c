/* A fault on purpose: a status that is shifted further than it is wide. */
#include "check.h"

int main(void)
{
    int far = 40 + ossup_error_status(NULL);
    return (1 << far) == 7;
}
