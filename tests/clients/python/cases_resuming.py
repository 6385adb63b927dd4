"""The clients' own resumable uploads, interrupted and resumed."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import check
from application import Application
from case import case
from flavours import FLAVOURS
from stand_in import StandIn, wait_until

PART_SIZE = 256 * 1024
PARTS = 12
WATCHED = ["callback", "forbid-overwrite", "meta-author", "object-acl", "request-payer", "traffic-limit"]


class Work:
    """A file to upload and a place for the client's records; a context manager."""

    def __init__(self, size=PARTS * PART_SIZE - 1000):
        self.data = os.urandom(size)

    def __enter__(self):
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.path = str(folder / "source.bin")
        Path(self.path).write_bytes(self.data)
        self.records = str(folder / "records")
        os.mkdir(self.records)
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def upload(self, client, headers=None):
        client.upload_resumably("k", self.path, PART_SIZE, self.records, headers)

    def resume_and_check(self, client, site):
        """Exactly the parts that the server lacks are sent, and the object is the file."""
        stored = site.stored_parts()
        site.clear_ledger()
        self.upload(client)
        check.equal(site.sent_parts(), [number for number in range(1, PARTS + 1) if number not in stored])
        check.equal(site.count(operation="InitiateMultipartUpload"), 0)
        check.equal(site.object("k"), self.data)
        return stored


def interrupt(flavour, site, work):
    """An upload that failed at part 6."""
    site.add_fault({"operation": "UploadPart", "part_number": 6}, {"kind": "reset", "after": 1000})
    check.error_of(lambda: work.upload(flavour(site.endpoint)))
    site.clear_faults()


@case
def an_upload_goes_through(flavour):
    with StandIn() as site, Work() as work:
        work.upload(flavour(site.endpoint))
        check.equal(site.sent_parts(), list(range(1, PARTS + 1)))
        check.equal(site.object("k"), work.data)
        check.equal([path for path in Path(work.records).rglob("*") if path.is_file()], [])


@case
def small_files_go_up(flavour):
    for size in (0, 1000):
        with StandIn() as site, Work(size) as work:
            work.upload(flavour(site.endpoint))
            check.equal([entry["operation"] for entry in site.ledger()], ["PutObject"])
            check.equal(site.object("k"), work.data)


@case
def an_upload_carries_its_options(flavour):
    options = {
        "x-oss-forbid-overwrite": "true",
        "x-oss-meta-author": "alice",
        "x-oss-object-acl": "private",
        "x-oss-request-payer": "requester",
        "x-oss-traffic-limit": "838860800",
    }
    with StandIn() as site, Work() as work, Application(200) as application:
        client = flavour(site.endpoint)
        work.upload(client, {**options, **application.headers})
        carried = []
        for entry in site.ledger():
            names = {name for name, _ in entry["headers"]}
            line = " ".join([entry["operation"], *(name for name in WATCHED if f"x-oss-{name}" in names)])
            if line not in carried:
                carried.append(line)
        check.equal(carried, client.carried_options)


@case
def an_upload_goes_on_after_a_fault(flavour):
    with StandIn() as site, Work() as work:
        interrupt(flavour, site, work)
        check.equal(work.resume_and_check(flavour(site.endpoint), site), [1, 2, 3, 4, 5])


@case
def an_upload_goes_on_after_a_refused_complete(flavour):
    with StandIn() as site, Work() as work:
        client = flavour(site.endpoint)
        site.add_fault({"operation": "CompleteMultipartUpload"}, {"kind": "deny"})
        check.refused(client, lambda: work.upload(client), 403, "AccessDenied")
        site.clear_faults()
        site.clear_ledger()
        work.upload(client)
        check.equal(site.sent_parts(), client.sent_again_after_a_refused_complete)
        check.equal(site.object("k"), work.data)


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
        interrupt(flavour, site, work)
        site.add_fault({"operation": "ListParts", "times": 1}, {"kind": "lose_upload"})
        site.clear_ledger()
        work.upload(flavour(site.endpoint))
        check.equal(site.sent_parts(), list(range(1, PARTS + 1)))
        check.equal(site.object("k"), work.data)


@case
def a_lost_answer_is_an_error(flavour):
    with StandIn() as site, Work() as work:
        client = flavour(site.endpoint)
        site.add_fault({"operation": "CompleteMultipartUpload", "times": 1}, {"kind": "lose_answer"})
        check.equal(client.refusal(check.error_of(lambda: work.upload(client))), client.lost_answer)
        check.equal(site.object("k"), work.data)


@case
def a_wrong_crc_of_a_resumed_upload_is_noticed(flavour):
    with StandIn() as site, Work() as work:
        interrupt(flavour, site, work)
        site.add_fault({"operation": "CompleteMultipartUpload"}, {"kind": "wrong_crc"})
        client = flavour(site.endpoint)
        if client.checks_resumed_uploads:
            check.equal(client.is_inconsistent(check.error_of(lambda: work.upload(client))), True)
        else:
            work.upload(client)


@case
def a_failed_callback_of_an_upload_is_told(flavour):
    with StandIn() as site, Work() as work, Application(500) as application:
        client = flavour(site.endpoint)
        # One drops the callback, the other takes 203 for success.
        work.upload(client, application.headers)
        asked = any(line.startswith("CompleteMultipartUpload callback") for line in client.carried_options)
        check.equal(len(application.bodies), int(asked))
        check.equal(site.object("k"), work.data)
