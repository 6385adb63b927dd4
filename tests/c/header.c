/* The header stands alone, may be included twice, and keeps its numbers. */
#include <ossup.h>
#include <ossup.h>

/* An array of negative size ends the compilation: C99 has no static assertion. */
#define FIXED(name, condition) typedef char fixed_##name[(condition) ? 1 : -1]

FIXED(status_is_an_int32, sizeof(ossup_status) == 4);
FIXED(phase_is_an_int32, sizeof(ossup_phase) == 4);
FIXED(event_kind_is_an_int32, sizeof(ossup_event_kind) == 4);
FIXED(ok, OSSUP_OK == 0);
FIXED(caller, OSSUP_INVALID_ARGUMENT == 10 && OSSUP_SHUT_DOWN == 15);
FIXED(machine, OSSUP_SOURCE_UNREADABLE == 20 && OSSUP_NO_RESOURCES == 26);
FIXED(network, OSSUP_UNREACHABLE == 30 && OSSUP_BAD_ANSWER == 34);
FIXED(service, OSSUP_SERVICE_ERROR == 40 && OSSUP_UNCONFIRMED == 48);
FIXED(as_asked, OSSUP_PAUSED == 50 && OSSUP_DEADLINE_EXCEEDED == 52);
FIXED(own_fault, OSSUP_INTERNAL == 90);
FIXED(phases, OSSUP_PHASE_PREPARING == 0 && OSSUP_PHASE_DONE == 3);
FIXED(events, OSSUP_EVENT_NONE == 0 && OSSUP_EVENT_PROGRESS == 1 && OSSUP_EVENT_COMPLETE == 2);
FIXED(signatures, OSSUP_SIGNATURE_V1 == 1 && OSSUP_SIGNATURE_V4 == 4);
FIXED(progress_begins_with_its_size, offsetof(ossup_progress, struct_size) == 0);
FIXED(progress_layout, sizeof(size_t) != 8 || sizeof(ossup_progress) == 56);

int main(void)
{
    return ossup_abi_version() != OSSUP_ABI_VERSION;
}
