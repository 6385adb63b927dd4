//! The functions of the header, and calls of them for programs that are made from it.

#[path = "declarations.rs"]
#[allow(dead_code, reason = "only functions are called")]
mod declarations;

use super::header;

pub(crate) struct Function {
    pub(crate) returns: String,
    pub(crate) name: String,
    /// Each one's type and name.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Function {
    /// The call with something usable in all places but perhaps one, where NULL is.
    pub(crate) fn call(&self, null_at: Option<usize>) -> String {
        let argument = |(index, (kind, name)): (usize, &(String, String))| match Some(index) == null_at {
            true => "NULL".to_owned(),
            false => usable(kind, name),
        };
        let arguments: Vec<_> = self.parameters.iter().enumerate().map(argument).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

pub(crate) fn is_pointer(kind: &str) -> bool {
    kind.ends_with('*') || kind.ends_with("_fn")
}

pub(crate) fn usable(kind: &str, name: &str) -> String {
    let plain = kind.trim_start_matches("const ").trim_end();
    match plain {
        "char *" => "\"text\"".to_owned(),
        "wchar_t *" => "L\"text\"".to_owned(),
        "void *" => "&anything".to_owned(),
        "ossup_progress *" => "&progress".to_owned(),
        "size_t *" => "&length".to_owned(),
        "int32_t *" => "&fd".to_owned(),
        "void **" => "&handle".to_owned(),
        kind if kind.ends_with("_fn") => "NULL".to_owned(),
        kind if kind.ends_with("**") => format!("&{}_out", kind.trim_end_matches([' ', '*'])),
        kind if kind.ends_with('*') => kind.trim_end_matches([' ', '*']).trim_start_matches("ossup_").to_owned(),
        _ if name == "timeout_ms" => "0".to_owned(),
        _ => "1".to_owned(),
    }
}

/// All of them.
pub(crate) fn functions() -> Vec<Function> {
    let with_name = |(name, function): (String, declarations::Function)| {
        let parameters = function.parameters.into_iter().map(|parameter| (parameter.kind, parameter.name));
        Function { returns: function.returns, name, parameters: parameters.collect() }
    };
    declarations::functions(&header::text()).into_iter().map(with_name).collect()
}
