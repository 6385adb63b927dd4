//! The scenarios in a bucket of the user's own, which `make test-live` runs; nothing else does.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot be set up has failed")]

mod scenarios;

use scenarios::{Place, every_scenario_passes_at};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// What to set, each with what it is.
const VARIABLES: [(&str, &str); 5] = [
    ("OSSUP_LIVE_ENDPOINT", "such as oss-cn-hangzhou.aliyuncs.com"),
    ("OSSUP_LIVE_REGION", "such as cn-hangzhou"),
    ("OSSUP_LIVE_BUCKET", "a bucket that may be written to"),
    ("OSS_ACCESS_KEY_ID", "who may write, list and delete there"),
    ("OSS_ACCESS_KEY_SECRET", "the secret of that key"),
];

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn place() -> Place {
    let values = VARIABLES.map(|(name, _)| variable(name));
    let [Some(endpoint), Some(region), Some(bucket), Some(access_key_id), Some(access_key_secret)] = values else {
        let missing = VARIABLES.iter().filter(|(name, _)| variable(name).is_none());
        let lines: String = missing.map(|(name, what)| format!("\n  {name}: {what}")).collect();
        panic!("the live tests need a bucket of yours; set{lines}\nand OSS_SESSION_TOKEN for a temporary key");
    };
    Place {
        endpoint,
        region,
        bucket,
        access_key_id,
        access_key_secret,
        security_token: variable("OSS_SESSION_TOKEN"),
        prefix: format!("ossup-live-{:016x}/", fastrand::u64(..)),
    }
}

#[test]
fn every_scenario_passes_in_a_bucket_of_ones_own() {
    let place = place();
    println!("uploading to {} under {}", place.bucket, place.prefix);
    let outcome = catch_unwind(AssertUnwindSafe(|| every_scenario_passes_at(&place)));
    place.clear();
    assert_eq!(place.keys(&place.prefix), Vec::<String>::new());
    outcome.unwrap_or_else(|panic| resume_unwind(panic));
}
