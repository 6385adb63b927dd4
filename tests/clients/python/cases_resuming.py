"""The clients' own resumable uploads, interrupted and resumed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import check
from case import case
from flavours import FLAVOURS
from stand_in import StandIn, wait_until

PART_SIZE = 256 * 1024
PARTS = 12


class Work:
    """A file to upload and a place for the client's records; a context manager."""

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.data = os.urandom(PARTS * PART_SIZE - 1000)
        self.path = str(folder / "source.bin")
        Path(self.path).write_bytes(self.data)
        self.records = str(folder / "records")
        os.mkdir(self.records)
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def upload(self, client):
        client.upload_resumably("k", self.path, PART_SIZE, self.records)

    def resume_and_check(self, client, site):
        """Exactly the parts that the server lacks are sent, and the object is the file."""
        stored = site.stored_parts()
        site.clear_ledger()
        self.upload(client)
        check.equal(site.sent_parts(), [number for number in range(1, PARTS + 1) if number not in stored])
        check.equal(site.count(operation="InitiateMultipartUpload"), 0)
        check.equal(site.object("k"), self.data)
        return stored


@case
def an_upload_goes_on_after_a_fault(flavour):
    with StandIn() as site, Work() as work:
        client = flavour(site.endpoint)
        site.add_fault({"operation": "UploadPart", "part_number": 6}, {"kind": "reset", "after": 1000})
        check.error_of(lambda: work.upload(client))
        site.clear_faults()
        check.equal(work.resume_and_check(flavour(site.endpoint), site), [1, 2, 3, 4, 5])


@case
def an_upload_goes_on_after_sigkill(flavour):
    (name,) = [name for name, candidate in FLAVOURS.items() if candidate is flavour]
    with StandIn("--throttle", "4000000") as site, Work() as work:
        child = Path(__file__).with_name("upload_child.py")
        arguments = [name, site.endpoint, "k", work.path, str(PART_SIZE), work.records]
        process = subprocess.Popen([sys.executable, str(child), *arguments])
        wait_until(lambda: site.count(operation="UploadPart", answered="true") >= 4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        site.wait_until_idle()
        stored = work.resume_and_check(flavour(site.endpoint), site)
        check.equal(4 <= len(stored) < PARTS, True)


@case
def a_lost_upload_is_begun_anew(flavour):
    with StandIn() as site, Work() as work:
        client = flavour(site.endpoint)
        site.add_fault({"operation": "UploadPart", "part_number": 6}, {"kind": "reset", "after": 1000})
        check.error_of(lambda: work.upload(client))
        site.clear_faults()
        site.add_fault({"operation": "ListParts", "times": 1}, {"kind": "lose_upload"})
        site.clear_ledger()
        work.upload(flavour(site.endpoint))
        check.equal(site.sent_parts(), list(range(1, PARTS + 1)))
        check.equal(site.object("k"), work.data)
