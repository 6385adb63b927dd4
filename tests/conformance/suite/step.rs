//! What is done in a scenario, one thing after another.

use super::expectation::Expectation;
use super::line::Line;
use super::scenario::number;
use oss_server::{Fault, Operation};

#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A line for the drivers that are started from now on.
    With(Line),
    /// The server misbehaves from now on.
    Fault(Box<Fault>),
    /// It behaves again.
    Calm,
    /// A driver is started.
    Start(String),
    /// The server has answered so many requests of a kind, since the scenario began.
    Await(usize, Operation),
    /// The server keeps so many requests waiting.
    Waiting(usize),
    /// The driver has said so.
    Told(Line),
    /// The driver is killed.
    Kill,
    /// The driver ends by itself.
    Ends,
    /// The file gets other bytes.
    Change,
    /// The server forgets the uploads that are not completed.
    Forget,
    /// Somebody else begins an upload to a key.
    Begun(String),
    /// Drivers that are started from now on go on from the token that the last one reported.
    TakeToken,
    /// Something is so.
    Expect(Expectation),
}

impl Step {
    /// Nothing, where the line's word is no step's.
    pub(crate) fn read(line: &Line) -> Result<Option<Self>, String> {
        let value = line.value.as_str();
        let bare = |step| if value.is_empty() { Ok(step) } else { Err("nothing follows this word".to_owned()) };
        Ok(Some(match line.name.as_str() {
            "with" => Self::With(Line::read(value)),
            "fault" => Self::Fault(serde_json::from_str(value).map_err(|error| error.to_string())?),
            "calm" => bare(Self::Calm)?,
            "start" => Self::Start(value.to_owned()),
            "await" => {
                let (count, operation) = counted(value)?;
                Self::Await(count, operation)
            }
            "waiting" => Self::Waiting(number(value)?),
            "told" => Self::Told(Line::read(value)),
            "kill" => bare(Self::Kill)?,
            "ends" => bare(Self::Ends)?,
            "change" => bare(Self::Change)?,
            "forget" => bare(Self::Forget)?,
            "begun" => Self::Begun(value.to_owned()),
            "take_token" => bare(Self::TakeToken)?,
            "expect" => Self::Expect(value.parse()?),
            _ => return Ok(None),
        }))
    }
}

/// How many requests, and of which operation.
pub(crate) fn counted(text: &str) -> Result<(usize, Operation), String> {
    let (count, name) = text.split_once(' ').ok_or("how many, and of which operation")?;
    Ok((number(count)?, operation(name)?))
}

/// An operation by its name in the service's documentation.
fn operation(name: &str) -> Result<Operation, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}
