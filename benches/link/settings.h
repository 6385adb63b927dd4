/* What a line is told, in words. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "line.h"

/*
 * Reads one word into the settings of both lines, or of one when it begins with "up." or "down.": delay_ms=N,
 * loss=SHARE, rate_mbit=N (0 for no bottleneck), queue_kib=N. A word that is none of these ends the program.
 */
void settings_read(const char *word, struct line_settings *up, struct line_settings *down);

#endif
