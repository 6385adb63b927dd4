/* What a line does to packets, by a clock of the test's own. */
#include "../../benches/link/line.h"
#include "../../benches/link/settings.h"
#include "../../benches/link/stop.h"

#include <stdlib.h>
#include <string.h>

#define STRING(number) #number
#define LINE(number) STRING(number)
#define CHECK(condition) do { if (!(condition)) stop("line " LINE(__LINE__), #condition); } while (0)

enum { LENGTH = 1500 };

static const int64_t MS = 1000000;
static const unsigned char bytes[LENGTH] = "packet";

static struct line line_with(const char *first, const char *second)
{
    struct line line;
    struct line_settings other;
    line_begin(&line, 7);
    settings_read(first, &line.settings, &other);
    settings_read(second, &line.settings, &other);
    return line;
}

/* Takes off all that is due, and returns how much it was. */
static int deliver(struct line *line, int64_t now)
{
    struct packet *packet;
    int count = 0;
    while ((packet = line_deliver(line, now)) != NULL) {
        CHECK(packet->length == LENGTH && memcmp(packet->bytes, bytes, LENGTH) == 0);
        free(packet);
        count++;
    }
    return count;
}

static void test_a_packet_takes_its_time(void)
{
    struct line line = line_with("delay_ms=50", "loss=0");
    CHECK(line_next_due(&line) == INT64_MAX);
    line_take(&line, 10 * MS, bytes, LENGTH);
    CHECK(line_next_due(&line) == 60 * MS);
    CHECK(deliver(&line, 60 * MS - 1) == 0 && deliver(&line, 60 * MS) == 1);
    CHECK(line_next_due(&line) == INT64_MAX);
}

/* At 12 Mbit/s, 1500 bytes take a millisecond. */
static void test_a_bottleneck_spaces_packets(void)
{
    struct line line = line_with("rate_mbit=12", "queue_kib=64");
    for (int i = 0; i < 10; i++) line_take(&line, 0, bytes, LENGTH);
    for (int i = 1; i <= 10; i++) CHECK(deliver(&line, i * MS - 1) == 0 && deliver(&line, i * MS) == 1);
    line_take(&line, 100 * MS, bytes, LENGTH);
    CHECK(line_next_due(&line) == 101 * MS && deliver(&line, 101 * MS) == 1);
}

static void test_a_full_queue_drops_what_comes_last(void)
{
    struct line line = line_with("rate_mbit=12", "queue_kib=15");
    for (int i = 0; i < 20; i++) line_take(&line, 0, bytes, LENGTH);
    CHECK(line.counts.packets == 20 && line.counts.bytes == 20 * LENGTH && line.counts.dropped == 10);
    CHECK(line.counts.lost == 0);
    line_take(&line, 5 * MS, bytes, LENGTH);
    CHECK(line.counts.dropped == 10);
    CHECK(deliver(&line, 1000 * MS) == 11);
}

static void test_as_many_are_lost_as_were_asked_for(void)
{
    struct line line = line_with("loss=0.01", "delay_ms=1");
    int delivered = 0;
    for (int i = 0; i < 1000000; i++) {
        line_take(&line, i * MS, bytes, LENGTH);
        delivered += deliver(&line, (i + 1) * MS);
    }
    CHECK(delivered == 1000000 - (int)line.counts.lost);
    /* Ten thousand, and four standard deviations to each side. */
    CHECK(line.counts.lost > 9600 && line.counts.lost < 10400);
    CHECK(line.counts.dropped == 0);
}

static void test_a_dead_line_loses_all_and_comes_back(void)
{
    struct line line = line_with("loss=1", "delay_ms=0");
    struct line_settings other;
    for (int i = 0; i < 100; i++) line_take(&line, 0, bytes, LENGTH);
    CHECK(line.counts.lost == 100 && deliver(&line, MS) == 0);
    settings_read("loss=0", &line.settings, &other);
    for (int i = 0; i < 100; i++) line_take(&line, MS, bytes, LENGTH);
    CHECK(line.counts.lost == 100 && deliver(&line, MS) == 100);
}

static void test_a_setting_is_for_both_lines_or_for_one(void)
{
    struct line_settings up = {0}, down = {0};
    settings_read("rate_mbit=8", &up, &down);
    settings_read("up.loss=0.5", &up, &down);
    settings_read("down.delay_ms=2.5", &up, &down);
    CHECK(up.bytes_per_s == 1e6 && down.bytes_per_s == 1e6);
    CHECK(up.loss == 0.5 && down.loss == 0);
    CHECK(up.delay_ns == 0 && down.delay_ns == 2500000);
}

int main(void)
{
    test_a_packet_takes_its_time();
    test_a_bottleneck_spaces_packets();
    test_a_full_queue_drops_what_comes_last();
    test_as_many_are_lost_as_were_asked_for();
    test_a_dead_line_loses_all_and_comes_back();
    test_a_setting_is_for_both_lines_or_for_one();
    return 0;
}
