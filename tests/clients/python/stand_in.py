"""The stand-in as a child process, and its admin port."""

import json
import os
import subprocess
import time
import urllib.parse
import urllib.request

BUCKET = "bucket"
LONGEST_WAIT_S = 20


class StandIn:
    """A running server with one bucket; a context manager."""

    def __init__(self, *flags):
        self._process = subprocess.Popen(
            [os.environ["OSS_SERVER"], "--bucket", BUCKET, "--until-stdin-closes", *flags],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.ready = json.loads(self._process.stdout.readline())
        self.endpoint = self.ready["endpoint"]
        self.https_endpoint = self.ready["https_endpoint"]
        self.port = urllib.parse.urlsplit(self.endpoint).port

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ledger(self, **filters):
        return json.loads(self._ask("/-/ledger", filters))

    def clear_ledger(self):
        self._ask("/-/ledger", method="DELETE")

    def count(self, **filters):
        return int(self._ask("/-/count", filters))

    def sent_parts(self):
        """The numbers of all parts that were taken and answered, in the order of their coming."""
        return [entry["part_number"] for entry in self.ledger(operation="UploadPart", status=200, answered="true")]

    def stored_parts(self):
        """The numbers of the parts of the only incomplete upload."""
        (upload,) = json.loads(self._ask("/-/uploads"))
        return [part["number"] for part in upload["parts"]]

    def object(self, key):
        return self._ask("/-/object", {"bucket": BUCKET, "key": key})

    def add_fault(self, when, then):
        self._ask("/-/faults", method="POST", body=json.dumps({"when": when, "then": then}))

    def clear_faults(self):
        self._ask("/-/faults", method="DELETE")

    def wait_until_idle(self):
        wait_until(lambda: all(entry["ended_ms"] is not None for entry in self.ledger()))

    def _ask(self, path, query=None, method="GET", body=None):
        url = f"{self.ready['admin']}{path}?{urllib.parse.urlencode(query or {})}"
        request = urllib.request.Request(url, method=method, data=body and body.encode())
        with urllib.request.urlopen(request, timeout=LONGEST_WAIT_S) as answer:
            return answer.read()


def wait_until(condition):
    end = time.monotonic() + LONGEST_WAIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(0.01)
