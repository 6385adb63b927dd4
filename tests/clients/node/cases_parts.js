"use strict";
// Multipart uploads, step by step.

const assert = require("node:assert/strict");

const { refused, sameBytes } = require("./check");

const SMALLEST_PART = 100 * 1024;

async function multipart_by_hand(open, start) {
  const client = open(await start());
  const { uploadId } = await client.initMultipartUpload("k");
  const parts = [];
  const pieces = [];
  for (const number of [1, 2, 3]) {
    const data = Buffer.alloc(SMALLEST_PART, number);
    const { etag } = await client.uploadPart("k", uploadId, number, data, 0, data.length);
    parts.push({ number, etag });
    pieces.push(data);
  }
  await client.completeMultipartUpload("k", uploadId, parts);
  sameBytes((await client.get("k")).content, Buffer.concat(pieces));
  assert.equal((await client.head("k")).res.headers["x-oss-object-type"], "Multipart");
}

async function parts_are_listed_in_pages(open, start) {
  const key = "dir/a b.bin";
  const client = open(await start());
  const { uploadId } = await client.initMultipartUpload(key);
  const sizes = new Map([1, 2, 3, 4, 5, 8, 9, 10_000].map((number) => [number, number * 10]));
  for (const [number, size] of sizes) {
    await client.uploadPart(key, uploadId, number, Buffer.alloc(size), 0, size);
  }
  const listed = new Map();
  let pages = 0;
  let query = { "max-parts": 3 };
  for (;;) {
    const page = await client.listParts(key, uploadId, query);
    page.parts.forEach((part) => listed.set(Number(part.PartNumber), Number(part.Size)));
    pages += 1;
    if (page.isTruncated !== "true") {
      break;
    }
    query = { "max-parts": 3, "part-number-marker": page.nextPartNumberMarker };
  }
  assert.deepEqual(listed, sizes);
  assert.equal(pages, 3);
}

async function an_aborted_upload_is_gone(open, start) {
  const client = open(await start());
  const { uploadId } = await client.initMultipartUpload("k");
  const data = Buffer.from("data");
  await client.uploadPart("k", uploadId, 1, data, 0, 4);
  await client.abortMultipartUpload("k", uploadId);
  assert.deepEqual((await client.listUploads({})).uploads, []);
  await refused(client.uploadPart("k", uploadId, 2, data, 0, 4), 404, "NoSuchUpload");
  await refused(client.listParts("k", uploadId), 404, "NoSuchUpload");
  await refused(client.abortMultipartUpload("k", uploadId), 404, "NoSuchUpload");
}

/** All keys and upload ids below a prefix, and how many pages it took. */
async function listUploads(client, prefix, most) {
  const found = [];
  let markers = {};
  for (let pages = 1; ; pages += 1) {
    // An empty prefix is left out: it signs one in its own way, and nobody knows whether OSS takes that.
    const page = await client.listUploads({ ...(prefix && { prefix }), "max-uploads": most, ...markers });
    found.push(...page.uploads.map((upload) => [upload.name, upload.uploadId]));
    if (!page.isTruncated) {
      return [found, pages];
    }
    markers = { "key-marker": page.nextKeyMarker, "upload-id-marker": page.nextUploadIdMarker };
  }
}

async function uploads_are_listed_in_pages(open, start) {
  const client = open(await start());
  const begun = [];
  for (const key of ["dir/1", "dir/1", "dir/2", "dir/中 文+", "other"]) {
    begun.push([key, (await client.initMultipartUpload(key)).uploadId]);
  }
  begun.sort((one, other) => Buffer.compare(Buffer.from(one.join()), Buffer.from(other.join())));
  assert.deepEqual(await listUploads(client, "", 2), [begun, 3]);
  assert.deepEqual(await listUploads(client, "dir/", 3), [begun.slice(0, 4), 2]);
}

async function a_wrong_complete_is_refused(open, start) {
  const client = open(await start());
  const { uploadId } = await client.initMultipartUpload("k");
  const parts = [];
  for (const [number, text] of [[1, "small"], [2, "small too"]]) {
    const { etag } = await client.uploadPart("k", uploadId, number, Buffer.from(text), 0, text.length);
    parts.push({ number, etag });
  }
  await refused(client.completeMultipartUpload("k", uploadId, parts), 400, "EntityTooSmall");
  const mistaken = [{ number: 1, etag: parts[1].etag }];
  await refused(client.completeMultipartUpload("k", uploadId, mistaken), 400, "InvalidPart");
  parts[1].number = 3;
  await refused(client.completeMultipartUpload("k", uploadId, parts), 400, "InvalidPart");
  await refused(client.uploadPart("k", uploadId, 10_001, Buffer.from("x"), 0, 1), 400, "InvalidArgument");
}

module.exports = {
  cases: [
    multipart_by_hand,
    parts_are_listed_in_pages,
    an_aborted_upload_is_gone,
    uploads_are_listed_in_pages,
    a_wrong_complete_is_refused,
  ],
};
