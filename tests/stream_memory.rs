//! What a stream holds in memory, however long it is. Alone in its program: what is measured is the whole process.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod support;

use oss_server::{Action, Fault, Moment, Operation, Options, When};
use support::{MIB, World, finish, start};

const TASKS: u32 = 3;
const PART: usize = 4 * MIB;
const STREAM: usize = 256 * MIB;

fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}

#[test]
fn a_stream_holds_the_parts_under_way_and_the_one_that_is_being_filled() {
    let world = World::with(0, Options { counting: true, ..Options::default() });
    // Parts that stay under way for a while, so that all the room is taken.
    world.server.add_fault(Fault {
        when: When::operation(Operation::UploadPart),
        then: Action::Stall { at: Moment::BeforeAnswer, ms: 20 },
    });
    let mut request = world.request();
    request.set_enable_checkpoint(false);
    request.set_upload_stream(None).unwrap();
    request.set_part_size(PART as u64).unwrap();
    request.set_task_num(TASKS).unwrap();
    let upload = start(&world.client(), &request);
    let piece = vec![7; MIB];
    let before = resident();
    let mut most = 0;
    for _ in 0..STREAM / MIB {
        let (written, result) = upload.write(&piece, None);
        assert!(written == MIB && result.is_ok(), "{result:?}");
        most = most.max(resident());
    }
    upload.finish().unwrap();
    let outcome = finish(&upload);
    assert!(outcome.error.is_none() && outcome.bytes_sent == STREAM as u64, "{outcome:?}");
    let held = most.saturating_sub(before);
    let allowed = (TASKS as usize + 1) * PART;
    // Besides: windows on their way, connections, and the stand-in itself.
    assert!(held <= allowed + 16 * MIB, "{} MiB for {} MiB of parts", held >> 20, allowed >> 20);
    assert!(held >= allowed / 2, "{} MiB: what is measured?", held >> 20);
}
