"use strict";
// What the cases expect, besides node's own assertions.

const assert = require("node:assert/strict");

/** The error that a promise must end with. */
async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail("the call succeeded, an error was expected");
}

/** Expects an error of the service. */
async function refused(promise, status, code) {
  const error = await errorOf(promise);
  assert.deepEqual([error.status, error.code], [status, code], String(error));
}

/** Compares bytes without printing megabytes of them. */
function sameBytes(found, expected) {
  const sizes = `found ${found.length} bytes, expected ${expected.length} or others`;
  assert.ok(Buffer.from(expected).equals(found), sizes);
}

module.exports = { errorOf, refused, sameBytes };
