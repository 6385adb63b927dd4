"use strict";
// The client's own resumable upload, interrupted and resumed.

const assert = require("node:assert/strict");
const crypto = require("node:crypto");
const fs = require("node:fs/promises");
const os = require("node:os");
const path = require("node:path");

const { application } = require("./cases_objects");
const { errorOf, refused, sameBytes } = require("./check");

const PART_SIZE = 256 * 1024;
const PARTS = 12;
const ALL_PARTS = numbers(1, PARTS);
const WATCHED = ["callback", "forbid-overwrite", "meta-author", "object-acl", "request-payer", "traffic-limit"];

function numbers(first, last) {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** A file to upload, and the client's record: the caller has to keep it. */
class Work {
  static async make(size) {
    const work = new Work();
    work.folder = await fs.mkdtemp(path.join(os.tmpdir(), "ossup-clients-"));
    work.path = path.join(work.folder, "source.bin");
    work.record = path.join(work.folder, "record.json");
    work.data = crypto.randomBytes(size);
    await fs.writeFile(work.path, work.data);
    return work;
  }

  async remove() {
    await fs.rm(this.folder, { recursive: true });
  }

  async upload(client, options = {}) {
    const text = await fs.readFile(this.record, "utf8").catch(() => "null");
    return client.multipartUpload("k", this.path, {
      partSize: PART_SIZE,
      parallel: 1,
      checkpoint: JSON.parse(text),
      progress: async (_share, checkpoint) => {
        if (checkpoint) {
          await fs.writeFile(this.record, JSON.stringify(checkpoint));
        }
      },
      ...options,
    });
  }
}

/** A case that is given a file to upload. */
function withWork(run) {
  const wrapped = async (open, start) => {
    const work = await Work.make(PARTS * PART_SIZE - 1000);
    try {
      await run(open, await start(), work);
    } finally {
      await work.remove();
    }
  };
  Object.defineProperty(wrapped, "name", { value: run.name });
  return wrapped;
}

async function an_upload_goes_through(open, site, work) {
  await work.upload(open(site));
  assert.deepEqual(await site.sentParts(), ALL_PARTS);
  sameBytes(await site.object("k"), work.data);
}

async function small_files_go_up(open, start) {
  const site = await start();
  for (const size of [0, 1000]) {
    await site.clearLedger();
    const work = await Work.make(size);
    try {
      await work.upload(open(site));
    } finally {
      await work.remove();
    }
    sameBytes(await site.object("k"), work.data);
    const operations = (await site.ledger()).map((entry) => entry.operation);
    assert.deepEqual(operations, ["PutObject"]);
  }
}

async function an_upload_carries_its_options(open, site, work) {
  const { server, bodies, callback } = await application(200);
  const headers = {
    "x-oss-object-acl": "private",
    "x-oss-forbid-overwrite": "true",
    "x-oss-traffic-limit": "838860800",
  };
  try {
    const result = await work.upload(open(site, { isRequestPay: true }), {
      headers,
      callback,
      meta: { author: "alice" },
    });
    assert.deepEqual(result.data, { accepted: true });
  } finally {
    server.close();
  }
  assert.equal(bodies.length, 1);
  const carried = new Set();
  for (const entry of await site.ledger({ status: 200 })) {
    const names = entry.headers.map(([name]) => name);
    carried.add([entry.operation, ...WATCHED.filter((name) => names.includes(`x-oss-${name}`))].join(" "));
  }
  // What the caller gives as headers goes with every call.
  assert.deepEqual(
    [...carried],
    [
      "InitiateMultipartUpload forbid-overwrite meta-author object-acl request-payer traffic-limit",
      "UploadPart forbid-overwrite meta-author object-acl request-payer traffic-limit",
      "CompleteMultipartUpload callback forbid-overwrite meta-author object-acl request-payer traffic-limit",
    ],
  );
}

/** An upload that failed at part 6. */
async function interrupt(open, site, work) {
  await site.fault({ operation: "UploadPart", part_number: 6 }, { kind: "reset", after: 1000 });
  await errorOf(work.upload(open(site)));
  await site.clearFaults();
  assert.deepEqual(await site.uploads(), [numbers(1, 5)]);
  await site.clearLedger();
}

async function an_upload_goes_on_after_a_fault(open, site, work) {
  await interrupt(open, site, work);
  await work.upload(open(site));
  assert.deepEqual(await site.sentParts(), numbers(6, PARTS));
  assert.equal(await site.count({ operation: "InitiateMultipartUpload" }), 0);
  sameBytes(await site.object("k"), work.data);
}

async function an_upload_goes_on_after_a_refused_complete(open, site, work) {
  await site.fault({ operation: "CompleteMultipartUpload" }, { kind: "deny" });
  await refused(work.upload(open(site)), 403, "AccessDenied");
  await site.clearFaults();
  await site.clearLedger();
  await work.upload(open(site));
  assert.deepEqual(await site.sentParts(), []);
  sameBytes(await site.object("k"), work.data);
}

async function a_lost_upload_is_begun_anew(open, site, work) {
  await interrupt(open, site, work);
  await site.fault({ operation: "UploadPart", times: 1 }, { kind: "lose_upload" });
  // It begins nothing anew: the caller is told that the upload is gone.
  const error = await errorOf(work.upload(open(site)));
  assert.equal(error.name, "abort");
  assert.equal(await site.count({ operation: "InitiateMultipartUpload" }), 0);
}

async function a_lost_answer_is_an_error(open, site, work) {
  await site.fault({ operation: "CompleteMultipartUpload", times: 1 }, { kind: "lose_answer" });
  const error = await errorOf(work.upload(open(site)));
  assert.equal(error.status, -1);
  sameBytes(await site.object("k"), work.data);
}

async function a_wrong_crc_of_a_resumed_upload_is_noticed(open, site, work) {
  await interrupt(open, site, work);
  await site.fault({ operation: "CompleteMultipartUpload" }, { kind: "wrong_crc" });
  // It computes no CRC-64 and so notices nothing.
  await work.upload(open(site));
  const [completed] = await site.ledger({ operation: "CompleteMultipartUpload" });
  assert.deepEqual(completed.faults, ["wrong_crc"]);
}

async function a_failed_callback_of_an_upload_is_told(open, site, work) {
  const { server, bodies, callback } = await application(500);
  try {
    await refused(work.upload(open(site), { callback }), 203, "CallbackFailed");
  } finally {
    server.close();
  }
  assert.equal(bodies.length, 1);
  sameBytes(await site.object("k"), work.data);
  assert.deepEqual(await site.uploads(), []);
}

module.exports = {
  cases: [
    withWork(an_upload_goes_through),
    small_files_go_up,
    withWork(an_upload_carries_its_options),
    withWork(an_upload_goes_on_after_a_fault),
    withWork(an_upload_goes_on_after_a_refused_complete),
    withWork(a_lost_upload_is_begun_anew),
    withWork(a_lost_answer_is_an_error),
    withWork(a_wrong_crc_of_a_resumed_upload_is_noticed),
    withWork(a_failed_callback_of_an_upload_is_told),
  ],
};
