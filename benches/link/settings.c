#include "settings.h"

#include "stop.h"

#include <stdlib.h>
#include <string.h>

/* What follows a prefix, or NULL. */
static const char *after(const char *word, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(word, prefix, length) == 0 ? word + length : NULL;
}

static double number(const char *word, const char *text, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value <= most)) stop(word, "the number is out of range");
    return value;
}

static void read_one(const char *whole, const char *word, struct line_settings *settings)
{
    const char *text;
    if ((text = after(word, "delay_ms=")) != NULL) settings->delay_ns = (int64_t)(number(whole, text, 1e6) * 1e6);
    else if ((text = after(word, "loss=")) != NULL) settings->loss = number(whole, text, 1);
    else if ((text = after(word, "rate_mbit=")) != NULL) settings->bytes_per_s = number(whole, text, 1e6) * 1e6 / 8;
    else if ((text = after(word, "queue_kib=")) != NULL) settings->queue_bytes = number(whole, text, 1e6) * 1024;
    else stop(whole, "no such setting");
}

void settings_read(const char *word, struct line_settings *up, struct line_settings *down)
{
    const char *up_only = after(word, "up."), *down_only = after(word, "down.");
    if (up_only != NULL) {
        read_one(word, up_only, up);
    } else if (down_only != NULL) {
        read_one(word, down_only, down);
    } else {
        read_one(word, word, up);
        read_one(word, word, down);
    }
}
