"use strict";
// Objects that go up in one request.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const http = require("node:http");

const { refused, sameBytes } = require("./check");

const NASTY_KEYS = [
  "a b+c%d.bin",
  "dir//double/slash",
  "trailing/",
  "中文/文件 1+2.bin",
  "😀.txt",
  "quotes'\"<&>;.xml",
  "question?mark=1&hash#tilde~*|()!$@,",
  "%41%2F%zz",
];

async function put_get_head(open, start) {
  const client = open(await start());
  for (const data of [Buffer.alloc(0), Buffer.from("123456789"), Buffer.alloc(1 << 20, "0123456789abcdef")]) {
    await client.put("k", data);
    sameBytes((await client.get("k")).content, data);
    assert.equal((await client.head("k")).res.headers["content-length"], String(data.length));
  }
  await client.put("k", Buffer.from("123456789"));
  const { headers } = (await client.head("k")).res;
  assert.equal(headers.etag, '"25F9E794323B453885F5181F1B624D0B"');
  assert.equal(headers["x-oss-hash-crc64ecma"], "11051210869376104954");
}

async function get_a_range(open, start) {
  const client = open(await start());
  await client.put("k", Buffer.from("0123456789"));
  sameBytes((await client.get("k", { headers: { Range: "bytes=2-5" } })).content, "2345");
}

async function absent_objects_are_told_apart(open, start) {
  const client = open(await start());
  await refused(client.get("absent"), 404, "NoSuchKey");
  await refused(client.head("absent"), 404, "NoSuchKey");
}

async function metadata_comes_back(open, start) {
  const client = open(await start());
  const meta = { author: "alice", note: "two words, one comma" };
  const headers = {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "max-age=60",
    "content-disposition": 'attachment; filename="a b.txt"',
    "x-oss-storage-class": "IA",
  };
  const sent = { ...headers, "x-oss-tagging": "k1=v1&k2=v+2" };
  const acl = { "x-oss-object-acl": "public-read" };
  await client.put("put", Buffer.from("data"), { meta, headers: { ...sent, ...acl } });
  const { uploadId } = await client.initMultipartUpload("parts", { meta, headers: sent });
  const part = await client.uploadPart("parts", uploadId, 1, Buffer.from("data"), 0, 4);
  await client.completeMultipartUpload("parts", uploadId, [{ number: 1, etag: part.etag }], { headers: acl });
  for (const key of ["put", "parts"]) {
    const found = await client.head(key);
    assert.deepEqual(found.meta, meta);
    for (const [name, value] of Object.entries({ ...headers, "x-oss-tagging-count": "2" })) {
      assert.equal(found.res.headers[name], value);
    }
    assert.equal((await client.getACL(key)).acl, "public-read");
  }
}

async function keys_may_be_nasty(open, start) {
  const site = await start();
  const client = open(site);
  for (const key of NASTY_KEYS) {
    const data = Buffer.from(key);
    await client.put(key, data);
    sameBytes((await client.get(key)).content, data);
    sameBytes(await site.object(key), data);
    const twice = Buffer.concat([data, data]);
    const { uploadId } = await client.initMultipartUpload(key);
    const { etag } = await client.uploadPart(key, uploadId, 1, twice, 0, twice.length);
    await client.completeMultipartUpload(key, uploadId, [{ number: 1, etag }]);
    sameBytes(await site.object(key), twice);
  }
}

async function objects_are_listed_in_pages(open, start) {
  const client = open(await start());
  for (const key of NASTY_KEYS) {
    await client.put(key, Buffer.from(key));
  }
  const found = [];
  let query = { "max-keys": 3 };
  let pages = 0;
  while (query) {
    const page = await client.listV2(query);
    for (const { name, size } of page.objects) {
      found.push(name);
      assert.equal(size, Buffer.from(name).length);
    }
    pages += 1;
    query = page.isTruncated && { "max-keys": 3, "continuation-token": page.nextContinuationToken };
  }
  const inOrder = [...NASTY_KEYS].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  assert.deepEqual(found, inOrder);
  assert.equal(pages, 3);
}

async function overwriting_can_be_forbidden(open, start) {
  const headers = { "x-oss-forbid-overwrite": "true" };
  const site = await start();
  const client = open(site);
  await client.put("k", Buffer.from("old"), { headers });
  await refused(client.put("k", Buffer.from("new"), { headers }), 409, "FileAlreadyExists");
  const { uploadId } = await client.initMultipartUpload("k");
  const { etag } = await client.uploadPart("k", uploadId, 1, Buffer.from("new"), 0, 3);
  const parts = [{ number: 1, etag }];
  await refused(client.completeMultipartUpload("k", uploadId, parts, { headers }), 409, "FileAlreadyExists");
  sameBytes(await site.object("k"), "old");
  await client.completeMultipartUpload("k", uploadId, parts);
  sameBytes(await site.object("k"), "new");
}

/** A callback server, what it was sent, and what the client is told of it. */
async function application(status) {
  const bodies = [];
  const server = http.createServer(async (request, answer) => {
    const pieces = await request.toArray();
    bodies.push(Buffer.concat(pieces).toString());
    answer.writeHead(status).end('{"accepted":true}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const callback = {
    url: `http://127.0.0.1:${server.address().port}/done`,
    body: "key=${object}&size=${size}&who=${x:who}",
    customValue: { who: "alice" },
  };
  return { server, bodies, callback };
}

async function a_callback_is_relayed(open, start) {
  const client = open(await start());
  const { server, bodies, callback } = await application(200);
  try {
    const put = await client.put("k", Buffer.from("data"), { callback });
    assert.deepEqual(put.data, { accepted: true });
    const { uploadId } = await client.initMultipartUpload("parts");
    const { etag } = await client.uploadPart("parts", uploadId, 1, Buffer.from("more data"), 0, 9);
    const completed = await client.completeMultipartUpload("parts", uploadId, [{ number: 1, etag }], { callback });
    assert.deepEqual(completed.data, { accepted: true });
  } finally {
    server.close();
  }
  assert.deepEqual(bodies, ["key=k&size=4&who=alice", "key=parts&size=9&who=alice"]);
}

async function a_failed_callback_is_told(open, start) {
  const site = await start();
  const { server, bodies, callback } = await application(500);
  try {
    await refused(open(site).put("k", Buffer.from("data"), { callback }), 203, "CallbackFailed");
  } finally {
    server.close();
  }
  assert.deepEqual(bodies, ["key=k&size=4&who=alice"]);
  sameBytes(await site.object("k"), "data");
}

module.exports = {
  application,
  cases: [
    put_get_head,
    get_a_range,
    absent_objects_are_told_apart,
    metadata_comes_back,
    keys_may_be_nasty,
    objects_are_listed_in_pages,
    overwriting_can_be_forbidden,
    a_callback_is_relayed,
    a_failed_callback_is_told,
  ],
};
