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
    /// Looks at the object may mislead: who does not see that it is his own, and must not overwrite any, rightly fails.
    pub(crate) blindness: bool,
    /// An upload is given up, which may go wrong too.
    pub(crate) aborts: bool,
}

/// A few faults.
pub(crate) fn some(random: &mut Rng, liberty: Liberty) -> Vec<Fault> {
    (0..random.u32(1..=4)).map(|_| one(random, liberty)).collect()
}

fn one(random: &mut Rng, liberty: Liberty) -> Fault {
    let operation = match random.bool() {
        true if liberty.aborts => Operation::AbortMultipartUpload,
        // Of these there are most.
        true => Operation::UploadPart,
        false => OPERATIONS[random.usize(..OPERATIONS.len())],
    };
    let skip = if operation == Operation::UploadPart { random.u32(..8) } else { 0 };
    let when = When { skip, ..When::operation(operation).times(random.u32(1..=3)) };
    Fault { when, then: action(random, operation, liberty) }
}

fn action(random: &mut Rng, operation: Operation, liberty: Liberty) -> Action {
    // OSS has ten minutes to make an object.
    let may_be_silent =
        liberty.silence && ![Operation::CompleteMultipartUpload, Operation::PutObject].contains(&operation);
    let after = if random.bool() { 0 } else { random.u64(..=liberty.part_size) };
    match random.u32(..16) {
        0 | 1 => Action::Refuse(refusal(random)),
        2 => Action::RefuseEarly(refusal(random)),
        3 | 4 => Action::Reset { after },
        5 => Action::Close { after },
        6 | 7 => Action::LoseAnswer,
        8 => Action::Stall { at: Moment::InBody(after), ms: random.u64(..300) },
        9 => Action::Stall { at: Moment::BeforeAnswer, ms: random.u64(..300) },
        10 if may_be_silent => Action::Hang,
        10 => Action::Throttle { bytes_per_s: random.u64(1 << 20..8 << 20) },
        _ if operation == Operation::HeadObject && !liberty.blindness => Action::LoseAnswer,
        _ => of_its_own(random, operation),
    }
}

/// What can go wrong with this operation in particular.
fn of_its_own(random: &mut Rng, operation: Operation) -> Action {
    let error_in_body = Action::ErrorInBody { applied: random.bool(), code: "InternalError".to_owned() };
    // One part at a time: each may be sent again.
    let lost_part = Action::LoseParts { numbers: vec![random.u32(1..=4)] };
    let candidates: &[Action] = match operation {
        Operation::ListParts => &[Action::Deny, Action::Deny, Action::LoseUpload, lost_part],
        Operation::UploadPart => {
            &[Action::WrongCrc, Action::NoCrc, Action::WrongEtag, Action::LoseUpload, Action::Deny, Action::WrongCrc]
        }
        Operation::CompleteMultipartUpload => {
            &[Action::WrongCrc, Action::NoCrc, Action::LoseUpload, lost_part, error_in_body, Action::Deny]
        }
        Operation::HeadObject => &[Action::Deny, Action::Deny, Action::WrongCrc, Action::NoCrc],
        Operation::PutObject => &[Action::WrongCrc, Action::NoCrc],
        Operation::InitiateMultipartUpload
        | Operation::AbortMultipartUpload
        | Operation::PutBucket
        | Operation::GetBucketInfo
        | Operation::ListObjects
        | Operation::GetObject
        | Operation::GetObjectAcl
        | Operation::DeleteObject
        | Operation::ListMultipartUploads
        | Operation::Other => &[Action::Deny],
    };
    candidates[random.usize(..candidates.len())].clone()
}

fn refusal(random: &mut Rng) -> Error {
    let status = if random.bool() { 503 } else { 500 };
    let code = if status == 500 { "InternalError" } else { "ServiceUnavailable" };
    let retry_after_s = (random.u32(..8) == 0).then_some(1);
    Error { status, code: code.to_owned(), retry_after_s, ..Error::default() }
}
