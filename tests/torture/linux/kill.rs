//! When a run is killed.

use oss_server::{Operation, OssServer};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

/// Nothing takes this long unless it hangs.
const PATIENCE: Duration = Duration::from_secs(180);
pub(crate) const IN_A_CALL: &str = "in a call to the disk";
const POLL: Duration = Duration::from_millis(1);

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Manner {
    /// At any time.
    After(Duration),
    /// When the server has got its nth request of this kind, or has answered it.
    Request { operation: Operation, nth: u32, answered: bool, delay: Duration },
    /// In its nth call of this kind, by `disk.c`.
    Call { call: &'static str, nth: u32, percent: u32 },
    /// Not at all.
    Never,
}

/// How a run ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Killed,
    ByItself(ExitStatus),
    Hanging,
}

impl Manner {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::After(_) => "at any time",
            Self::Request { .. } => "around a request",
            Self::Call { .. } => IN_A_CALL,
            Self::Never => "never",
        }
    }

    /// What `disk.c` is told.
    pub(crate) fn order(&self) -> Option<String> {
        match self {
            Self::Call { call, nth, percent } => Some(format!("{call} {nth} {percent}")),
            Self::After(_) | Self::Request { .. } | Self::Never => None,
        }
    }

    /// Sees a run to its end. The requests up to `before` are none of its.
    pub(crate) fn see_to_the_end(&self, mut child: Child, server: &OssServer, before: u64) -> std::io::Result<End> {
        let began = Instant::now();
        while child.try_wait()?.is_none() && !self.is_due(began, server, before) {
            if began.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                return Ok(End::Hanging);
            }
            std::thread::sleep(POLL);
        }
        child.kill()?;
        let status = child.wait()?;
        Ok(if status.signal() == Some(libc::SIGKILL) { End::Killed } else { End::ByItself(status) })
    }

    fn is_due(&self, began: Instant, server: &OssServer, before: u64) -> bool {
        match *self {
            Self::After(time) => began.elapsed() >= time,
            Self::Request { operation, nth, answered, delay } => {
                let seen = server.count(|entry| {
                    entry.sequence > before && entry.operation == operation && (entry.answered || !answered)
                });
                let due = seen >= nth as usize;
                if due {
                    std::thread::sleep(delay);
                }
                due
            }
            Self::Call { .. } | Self::Never => false,
        }
    }
}
