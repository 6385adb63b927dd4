/* A library of the host's: as it is unloaded with the process, it calls what the host told it to. */
#include <windows.h>

static void (*at_the_end)(void);

__declspec(dllexport) void call_at_the_end(void (*function)(void))
{
    at_the_end = function;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD why, LPVOID process_ends)
{
    (void)module;
    if (why == DLL_PROCESS_DETACH && process_ends != NULL && at_the_end != NULL) at_the_end();
    return TRUE;
}
