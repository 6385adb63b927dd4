//! What the server may do wrong during one run.

use fastrand::Rng;
use oss_server::{Action, Error, Fault, Moment, Operation, When};

/// How long the server keeps answers to requests that make something, so that many kills meet them.
const PAUSE_MS: u64 = 60;

const OPERATIONS: [Operation; 7] = [
    Operation::InitiateMultipartUpload,
    Operation::UploadPart,
    Operation::ListParts,
    Operation::CompleteMultipartUpload,
    Operation::HeadObject,
    Operation::AbortMultipartUpload,
    Operation::PutObject,
];

const PAUSED: [Operation; 3] =
    [Operation::InitiateMultipartUpload, Operation::CompleteMultipartUpload, Operation::PutObject];

/// Pauses in every run: they harm nobody.
pub(crate) fn pauses() -> [Fault; 3] {
    PAUSED.map(|operation| Fault {
        when: When::operation(operation),
        then: Action::Stall { at: Moment::BeforeAnswer, ms: PAUSE_MS },
    })
}

/// How many pauses come before the faults of a request.
pub(crate) fn pauses_at(operation: Operation) -> usize {
    usize::from(PAUSED.contains(&operation))
}

/// What faults may be like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Liberty {
    pub(crate) part_size: u64,
    /// Requests may go without any answer, which costs a timeout each.
    pub(crate) silence: bool,
    /// Looks at the object may mislead: who does not see that it is his own and must not overwrite any is right to fail.
    pub(crate) blindness: bool,
}

/// A few faults.
pub(crate) fn some(random: &mut Rng, liberty: Liberty) -> Vec<Fault> {
    (0..random.u32(1..=4)).map(|_| one(random, liberty)).collect()
}

fn one(random: &mut Rng, liberty: Liberty) -> Fault {
    // Parts are what there is most of.
    let operation = if random.bool() { Operation::UploadPart } else { OPERATIONS[random.usize(..OPERATIONS.len())] };
    let skip = if operation == Operation::UploadPart { random.u32(..8) } else { 0 };
    let when = When { skip, ..When::operation(operation).times(random.u32(1..=3)) };
    Fault { when, then: action(random, operation, liberty) }
}

fn action(random: &mut Rng, operation: Operation, liberty: Liberty) -> Action {
    let after = if random.bool() { 0 } else { random.u64(..=liberty.part_size) };
    match random.u32(..16) {
        0 | 1 => Action::Refuse(refusal(random)),
        2 => Action::RefuseEarly(refusal(random)),
        3 | 4 => Action::Reset { after },
        5 => Action::Close { after },
        6 | 7 => Action::LoseAnswer,
        8 => Action::Stall { at: Moment::InBody(after), ms: random.u64(..300) },
        9 => Action::Stall { at: Moment::BeforeAnswer, ms: random.u64(..300) },
        10 if liberty.silence => Action::Hang,
        10 => Action::Throttle { bytes_per_s: random.u64(1 << 20..8 << 20) },
        _ if operation == Operation::HeadObject && !liberty.blindness => Action::LoseAnswer,
        _ => of_its_own(random, operation),
    }
}

/// What can go wrong with this operation in particular.
fn of_its_own(random: &mut Rng, operation: Operation) -> Action {
    let of_parts = |random: &mut Rng| match random.bool() {
        true => Action::LoseUpload,
        // One at a time: each may be sent again.
        false => Action::LoseParts { numbers: vec![random.u32(1..=4)] },
    };
    let of_sums = |random: &mut Rng| if random.bool() { Action::WrongCrc } else { Action::NoCrc };
    match operation {
        Operation::ListParts if random.bool() => Action::Deny,
        Operation::ListParts => of_parts(random),
        Operation::UploadPart => match random.u32(..6) {
            0 => Action::WrongEtag,
            1 => Action::LoseUpload,
            2 => Action::Deny,
            _ => of_sums(random),
        },
        Operation::CompleteMultipartUpload => match random.u32(..6) {
            0 | 1 => of_parts(random),
            2 | 3 => of_sums(random),
            _ => Action::ErrorInBody { applied: random.bool(), code: "InternalError".to_owned() },
        },
        Operation::HeadObject if random.bool() => Action::Deny,
        Operation::HeadObject | Operation::PutObject => of_sums(random),
        _ => Action::Deny,
    }
}

fn refusal(random: &mut Rng) -> Error {
    let status = if random.bool() { 503 } else { 500 };
    let code = if status == 500 { "InternalError" } else { "ServiceUnavailable" };
    let retry_after_s = (random.u32(..8) == 0).then_some(1);
    Error { status, code: code.to_owned(), retry_after_s, ..Error::default() }
}
