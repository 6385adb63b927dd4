/* Wine 8 lacks the system's bcryptprimitives.dll, from which every Rust program takes its random bytes. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T length) {
  const SIZE_T most = 1 << 20;
  while (length > 0) {
    ULONG count = (ULONG)(length < most ? length : most);
    if (!RtlGenRandom(bytes, count)) return FALSE;
    bytes += count;
    length -= count;
  }
  return TRUE;
}
