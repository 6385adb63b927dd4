//! Options by their names: a method each.

use super::order::{Able, number};
use ossup::{Config, Request, Result};
use std::path::Path;
use std::time::Duration;

fn flag(name: &str, text: &str) -> Able<bool> {
    text.parse().map_err(|_| format!("{name}: {text:?} is neither true nor false"))
}

/// The outer result says whether the driver knows the option, the inner one whether the library takes the value.
pub(super) fn of_config(config: &mut Config, name: &str, value: &str) -> Able<Result<()>> {
    Ok(match name {
        "max_attempts" => config.set_max_attempts(number(name, value)?),
        "idle_timeout_ms" => config.set_idle_timeout(Duration::from_millis(number(name, value)?)),
        "connect_timeout_ms" => config.set_connect_timeout(Duration::from_millis(number(name, value)?)),
        "bandwidth_limit" => config.set_bandwidth_limit(number(name, value)?),
        "max_memory" => config.set_max_memory(number(name, value)?),
        "max_uploads" => {
            config.set_max_uploads(number(name, value)?);
            Ok(())
        }
        _ => return Err(format!("this driver knows no option {name} of a config")),
    })
}

pub(super) fn of_request(request: &mut Request, name: &str, value: &str) -> Able<Result<()>> {
    Ok(match name {
        "task_num" => request.set_task_num(number(name, value)?),
        "part_size" => request.set_part_size(number(name, value)?),
        "bandwidth_limit" => request.set_bandwidth_limit(number(name, value)?),
        "content_type" => request.set_content_type(value),
        "cache_control" => request.set_cache_control(value),
        "object_acl" => request.set_object_acl(value),
        "forbid_overwrite" => request.set_forbid_overwrite(flag(name, value)?),
        "checkpoint_dir" => request.set_checkpoint_dir(Path::new(value)),
        "checkpoint_file" => request.set_checkpoint_file(Path::new(value)),
        "enable_checkpoint" => {
            request.set_enable_checkpoint(flag(name, value)?);
            Ok(())
        }
        "force_multipart" => {
            request.set_force_multipart(flag(name, value)?);
            Ok(())
        }
        _ => return Err(format!("this driver knows no option {name} of a request")),
    })
}
