/* What a library has that was built with the feature `forced-panics`. */
#ifndef FORCED_H
#define FORCED_H

#include <ossup.h>

/* Has a panic come when a place is passed after so many times. */
ossup_status ossup_test_panic(const char *at, uint32_t spared);

/* Whether it came; if not, it comes no more. */
bool ossup_test_panicked(void);

#endif
