//! What operating systems do each in their own way, behind one interface; and the few system calls that std and
//! rustix lack.

mod facts;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

pub use facts::Facts;
pub use system::errors::{has_no_locks, is_link, is_not_shared, is_out_of_resources};
pub use system::files::{facts, is_memory, open_source, read_at, read_resident, target_facts, write_all_at};
pub use system::flag::{Flag, RawFlag};
pub use system::module::{is_process_ending, stay_loaded};
pub use system::records::{create_record, is_at, look_into_record, open_record, remove_record, sync_folder, try_lock};
pub use system::signals::{block_signals, with_signals_blocked};
pub use system::text::{path_from_bytes, path_to_bytes};
#[cfg(windows)]
pub use system::text::{path_from_wide, path_to_wide};
