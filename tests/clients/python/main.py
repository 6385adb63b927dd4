"""Runs every case with every client; the names of cases to run may be given as arguments."""

import logging
import sys
import time
import traceback

import hosts
from case import CASES
from flavours import FLAVOURS

import cases_objects  # noqa: F401  each of these enters its cases into the list
import cases_parts  # noqa: F401
import cases_resuming  # noqa: F401
import cases_trust  # noqa: F401


def main():
    hosts.lead_here()
    logging.disable(logging.CRITICAL)
    wanted = set(sys.argv[1:])
    passed = failed = 0
    for name, flavour in FLAVOURS.items():
        for case in CASES:
            if wanted and case.__name__ not in wanted:
                continue
            begin = time.monotonic()
            try:
                case(flavour)
            except Exception:
                failed += 1
                print(f"FAILED  {name}: {case.__name__}\n{traceback.format_exc()}", flush=True)
            else:
                passed += 1
                print(f"ok      {name}: {case.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


sys.exit(main())
