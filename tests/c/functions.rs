//! The functions of the header, and calls of them for programs that are made from it.

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
        "void *" => "&anything".to_owned(),
        "ossup_progress *" => "&progress".to_owned(),
        "size_t *" => "&length".to_owned(),
        "int32_t *" => "&fd".to_owned(),
        kind if kind.ends_with("_fn") => "NULL".to_owned(),
        kind if kind.ends_with("**") => format!("&{}_out", kind.trim_end_matches([' ', '*'])),
        kind if kind.ends_with('*') => kind.trim_end_matches([' ', '*']).trim_start_matches("ossup_").to_owned(),
        _ if name == "timeout_ms" => "0".to_owned(),
        _ => "1".to_owned(),
    }
}

/// All of them, one statement each once comments and directives are gone.
pub(crate) fn functions() -> Vec<Function> {
    let header = header::text();
    let mut code = String::new();
    let mut rest = header.as_str();
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").unwrap().1;
    }
    code.push_str(rest);
    let code: Vec<_> = code.lines().filter(|line| !line.starts_with('#')).collect();
    let statements = code.join(" ");
    statements.split([';', '{', '}']).filter_map(function).collect()
}

fn function(statement: &str) -> Option<Function> {
    let (head, tail) = statement.trim().split_once('(')?;
    let (kind, name) = head.rsplit_once([' ', '*'])?;
    if !name.starts_with("ossup_") || kind.starts_with("typedef") {
        return None;
    }
    let parameter = |text: &str| {
        let text = text.trim();
        let at = text.rfind([' ', '*']).unwrap() + 1;
        (text[..at].trim_end().to_owned(), text[at..].to_owned())
    };
    let list = tail.trim_end().trim_end_matches(')');
    let parameters = list.split(',').filter(|text| !["", "void"].contains(&text.trim())).map(parameter).collect();
    let returns = head[..head.len() - name.len()].trim().to_owned();
    Some(Function { returns, name: name.to_owned(), parameters })
}
