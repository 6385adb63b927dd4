//! What must hold when an upload has come to its end.

use super::disk::Disk;
use oss_server::{Entry, Operation, OssServer, UploadInfo};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a round besides what the server saw.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Interruptions {
    pub(crate) kills: u32,
    /// Runs that were killed, or given up because of faults, when they may have had parts under way.
    pub(crate) under_way: u32,
    /// Options that were others from then on.
    pub(crate) changes_of_mind: u32,
    /// Uploads and parts that the server forgot between two runs.
    pub(crate) forgotten_uploads: u32,
    pub(crate) forgotten_parts: u32,
    /// Parts that a run which was refused ListParts had no way to know of.
    pub(crate) untold: u32,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Findings {
    pub(crate) sent_twice: u32,
    pub(crate) allowed_twice: u32,
    /// Uploads without a part in them, left by a kill between Initiate and our header.
    pub(crate) left_by_kills: u32,
    /// The same where the server lost the answer.
    pub(crate) left_by_lost_answers: u32,
    /// Uploads that the server refused to abort.
    pub(crate) left_by_refusals: u32,
}

pub(crate) fn check(
    source: &[u8],
    most_under_way: u32,
    interruptions: Interruptions,
    disk: &Disk,
    server: &OssServer,
) -> Result<Findings, String> {
    let object = server.object("bucket", "key").ok_or("there is no object")?;
    if object.bytes != source {
        return Err("the object is not the file".to_owned());
    }
    let files = disk.files().map_err(|error| error.to_string())?;
    if !files.is_empty() {
        return Err(format!("left in the folder: {:?}", files.keys()));
    }
    if !disk.left_others_alone() {
        return Err("somebody else's file was touched".to_owned());
    }
    let ledger = server.ledger();
    let sent_twice = sent_twice(&ledger);
    let allowed_twice = allowed_twice(&ledger, most_under_way, interruptions);
    if sent_twice > allowed_twice {
        return Err(format!("{sent_twice} parts were sent twice, {allowed_twice} are allowed"));
    }
    let begun = begun(&ledger);
    let reasons = 1 + interruptions.forgotten_uploads + interruptions.changes_of_mind;
    if begun > reasons && !ledger.iter().any(is_spoilt) {
        return Err(format!("{begun} uploads were sent, and there was reason for {reasons}"));
    }
    let mut findings = Findings { sent_twice, allowed_twice, ..Findings::default() };
    for upload in server.uploads() {
        *whose(&upload, &ledger, &mut findings)? += 1;
    }
    if findings.left_by_kills > interruptions.kills {
        return Err(format!("{} uploads left behind by {} kills", findings.left_by_kills, interruptions.kills));
    }
    Ok(findings)
}

/// Answers in full to a part of the same upload, but for the first. Those that a fault hit do not count: the client may
/// have had good reason to send the part again.
fn sent_twice(ledger: &[Entry]) -> u32 {
    let mut answers = BTreeMap::<_, u32>::new();
    for entry in ledger.iter().filter(|entry| entry.operation == Operation::UploadPart) {
        if entry.answered && entry.status == Some(200) && !is_spoilt(entry) {
            *answers.entry((&entry.upload_id, entry.part_number)).or_default() += 1;
        }
    }
    answers.values().map(|count| count - 1).sum()
}

/// Uploads that parts were sent to. What a kill or a power cut does is no reason for more than one.
fn begun(ledger: &[Entry]) -> u32 {
    let parts = ledger.iter().filter(|entry| entry.operation == Operation::UploadPart);
    parts.map(|entry| &entry.upload_id).collect::<BTreeSet<_>>().len() as u32
}

/// What was in flight when a run was interrupted may have arrived when the next one had asked already; what the server
/// forgot has to be sent again; without ListParts nobody can know what the record does not.
fn allowed_twice(ledger: &[Entry], most_under_way: u32, interruptions: Interruptions) -> u32 {
    let Interruptions { under_way, forgotten_parts, untold, .. } = interruptions;
    let lost = ledger.iter().filter(|entry| entry.faults.iter().any(|fault| fault == "lose_parts")).count();
    most_under_way * under_way + forgotten_parts + untold + lost as u32
}

/// Slowness alone spoils no answer.
fn is_spoilt(entry: &Entry) -> bool {
    entry.faults.iter().any(|fault| fault != "stall" && fault != "throttle")
}

/// On whose account an upload was left behind.
fn whose<'a>(upload: &UploadInfo, ledger: &[Entry], findings: &'a mut Findings) -> Result<&'a mut u32, String> {
    let of_it = |entry: &&Entry, operation| {
        entry.operation == operation && entry.upload_id.as_ref() == Some(&upload.upload_id) && is_spoilt(entry)
    };
    if ledger.iter().any(|entry| of_it(&entry, Operation::AbortMultipartUpload)) {
        return Ok(&mut findings.left_by_refusals);
    }
    if !upload.parts.is_empty() {
        return Err(format!("an upload with parts is left behind: {upload:?}"));
    }
    match ledger.iter().any(|entry| of_it(&entry, Operation::InitiateMultipartUpload)) {
        true => Ok(&mut findings.left_by_lost_answers),
        false => Ok(&mut findings.left_by_kills),
    }
}
