//! A driver that runs: what it says, and how it ends.

use super::line::Line;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing takes this long unless it hangs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);
pub(crate) const POLL: Duration = Duration::from_millis(2);

pub(crate) struct Running {
    child: Child,
    said: Arc<Mutex<Vec<Line>>>,
    readers: Vec<JoinHandle<()>>,
    complaints: Arc<Mutex<String>>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Result<Self, String> {
        let started = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.map_err(|error| format!("{command:?} does not start: {error}"))?;
        let (said, complaints) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<String>>::default());
        let (lines, text) = (Arc::clone(&said), Arc::clone(&complaints));
        let stdout = child.stdout.take().expect("it is piped");
        let mut stderr = child.stderr.take().expect("it is piped");
        let readers = vec![
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines() {
                    let line = line.unwrap_or_else(|error| format!("unreadable {error}"));
                    lines.lock().expect("nobody panics with it").push(Line::read(&line));
                }
            }),
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                let read = stderr.read_to_end(&mut bytes);
                let read =
                    read.map_or_else(|error| error.to_string(), |_| String::from_utf8_lossy(&bytes).into_owned());
                *text.lock().expect("nobody panics with it") = read;
            }),
        ];
        Ok(Self { child, said, readers, complaints })
    }

    pub(crate) fn said(&self) -> Vec<Line> {
        self.said.lock().expect("nobody panics with it").clone()
    }

    /// Waits until something is so, for as long as the driver runs.
    pub(crate) fn wait_until(&mut self, what: &str, is_so: impl Fn(&[Line]) -> bool) -> Result<(), String> {
        let began = Instant::now();
        loop {
            let over = self.over()?;
            if is_so(&self.said()) {
                return Ok(());
            }
            if let Some(status) = over {
                // What it said last may still be on its way to us.
                self.hear_all();
                return if is_so(&self.said()) {
                    Ok(())
                } else {
                    Err(format!("{what}: not before it ended with {status}"))
                };
            }
            if began.elapsed() > PATIENCE {
                return Err(format!("{what}: that does not happen"));
            }
            std::thread::sleep(POLL);
        }
    }

    pub(crate) fn kill(&mut self) -> Result<(), String> {
        if let Some(status) = self.over()? {
            return Err(format!("it was to be killed, but it had ended with {status}"));
        }
        self.child.kill().and_then(|()| self.child.wait()).map_err(|error| error.to_string())?;
        self.hear_all();
        Ok(())
    }

    /// Waits for its end, and for all that it says.
    pub(crate) fn ends(&mut self) -> Result<(), String> {
        let began = Instant::now();
        let status = loop {
            match self.over()? {
                Some(status) => break status,
                None if began.elapsed() > PATIENCE => return Err("it does not end".to_owned()),
                None => std::thread::sleep(POLL),
            }
        };
        self.hear_all();
        if status.success() { Ok(()) } else { Err(format!("it ended with {status}")) }
    }

    fn over(&mut self) -> Result<Option<ExitStatus>, String> {
        self.child.try_wait().map_err(|error| error.to_string())
    }

    fn hear_all(&mut self) {
        for reader in self.readers.drain(..) {
            reader.join().expect("readers do not panic");
        }
    }

    /// Everything that it let be known.
    pub(crate) fn story(&mut self) -> String {
        self.stop();
        let said: String = self.said().iter().map(|line| format!("{line}\n")).collect();
        format!("{said}{}", self.complaints.lock().expect("nobody panics with it"))
    }

    fn stop(&mut self) {
        // It may have ended meanwhile; then there is nothing to kill.
        drop(self.child.kill());
        drop(self.child.wait());
        self.hear_all();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
