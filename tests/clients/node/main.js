"use strict";
// Runs every case with every flavour; the names of cases to run may be given as arguments.

const { FLAVOURS } = require("./client");
const { StandIn } = require("./stand_in");

const CASES = ["objects", "parts", "resuming", "trust"].flatMap((topic) => require(`./cases_${topic}`).cases);

// The client warns of connections that were cut on purpose.
console.warn = () => {};

/** Runs one case; the servers that it started end with it. */
async function run(open, test) {
  const sites = [];
  const start = async (...flags) => {
    const site = await StandIn.start(...flags);
    sites.push(site);
    return site;
  };
  try {
    await test(open, start);
  } finally {
    await Promise.all(sites.map((site) => site.stop()));
  }
}

async function main(wanted) {
  let passed = 0;
  let failed = 0;
  for (const [name, open] of Object.entries(FLAVOURS)) {
    for (const test of CASES) {
      if (wanted.length > 0 && !wanted.includes(test.name)) {
        continue;
      }
      const begin = performance.now();
      try {
        await run(open, test);
      } catch (error) {
        failed += 1;
        console.log(`FAILED  ${name}: ${test.name}\n${error.stack ?? error}`);
        continue;
      }
      passed += 1;
      console.log(`ok      ${name}: ${test.name} (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  // The client's connections would keep the process for a while.
  process.exit(failed === 0 && passed > 0 ? 0 : 1);
}

main(process.argv.slice(2));
