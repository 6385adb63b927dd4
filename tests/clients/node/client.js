"use strict";
// ali-oss, with each of its signature versions.

const http = require("node:http");
const OSS = require("ali-oss");

const { BUCKET } = require("./stand_in");

/** Leads every host name to this machine, as an entry in its hosts file would. */
function leadHere(_host, options, answer) {
  if (options.all) {
    answer(null, [{ address: "127.0.0.1", family: 4 }]);
  } else {
    answer(null, "127.0.0.1", 4);
  }
}

const agent = new http.Agent({ lookup: leadHere });

/** Makes a client: a function of the stand-in and of further options. */
function flavour(version4) {
  return (site, options = {}) =>
    new OSS({
      accessKeyId: "ak",
      accessKeySecret: "sk",
      authorizationV4: version4,
      region: "oss-cn-hangzhou",
      bucket: BUCKET,
      // An address would make it send the public host's name in Host.
      endpoint: `http://localhost:${site.port}`,
      sldEnable: true,
      agent,
      ...options,
    });
}

const FLAVOURS = { V1: flavour(false), V4: flavour(true) };

module.exports = { FLAVOURS };
