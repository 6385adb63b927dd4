//! Before the first request: the file is opened, the record found, and the two are compared. Blocks.

use super::order::Order;
use crate::error::{Error, Result};
use crate::upload::event::Start;
use crate::upload::identity::{Fit, Identity};
use crate::upload::journal::{Found, Record};
use crate::upload::outcome::Reason;
use crate::upload::plan::Plan;
use crate::world::checkpoint::{self, Checkpoint};
use crate::world::source::{FileSource, Source};
use std::sync::Arc;

#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) source: Arc<dyn Source>,
    pub(super) identity: Identity,
    pub(super) plan: Plan,
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) start: Start,
    /// A power cut may take the record that is gone on with.
    pub(super) unsettled: Option<Error>,
}

pub(super) fn prepare(order: &Order) -> Result<Prepared> {
    let source = Arc::new(FileSource::open(&order.upload_file)?);
    let identity = source.look()?;
    let plan = Plan::choose(identity.size, order.part_size)?;
    let (checkpoint, start) = match &order.place {
        None => (None, Start::Fresh),
        Some(place) => {
            let (checkpoint, found) = checkpoint::open(place, &order.object, source.as_ref())?;
            (Some(checkpoint), start(found, &identity, &order.options))
        }
    };
    let unsettled = match (&checkpoint, &start) {
        (Some(checkpoint), Start::Continue { .. }) => checkpoint.settle().err(),
        (Some(_) | None, _) => None,
    };
    Ok(Prepared { source, identity, plan, checkpoint, start, unsettled })
}

fn start(found: Found, now: &Identity, options: &str) -> Start {
    let record = match found {
        Found::Empty | Found::Blank(_) | Found::Foreign | Found::TooNew(_) => return Start::Fresh,
        Found::Damaged(_) => return Start::Discard { reason: Reason::RecordDamaged, upload_id: None },
        Found::Record { record, .. } => record,
    };
    let discard = |reason, record: Box<Record>| Start::Discard { reason, upload_id: Some(record.header.upload_id) };
    match record.header.source.fit(now) {
        Fit::Changed => discard(Reason::SourceChanged, record),
        Fit::Same | Fit::Doubtful if record.header.options != options => discard(Reason::OptionsChanged, record),
        fit @ (Fit::Same | Fit::Doubtful) => Start::Continue { record, doubtful: fit == Fit::Doubtful },
    }
}
