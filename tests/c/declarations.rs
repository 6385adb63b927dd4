//! What a header declares, read as cbindgen writes it.

/// A parameter, a field, or a value of an enum, whose kind is its number.
pub(crate) struct Named {
    pub(crate) comment: String,
    pub(crate) kind: String,
    pub(crate) name: String,
}

pub(crate) struct Function {
    pub(crate) returns: String,
    pub(crate) parameters: Vec<Named>,
}

impl Function {
    /// The types of the parameters, as a prototype has them.
    pub(crate) fn kinds(&self) -> String {
        let kinds: Vec<_> = self.parameters.iter().map(|parameter| parameter.kind.as_str()).collect();
        if kinds.is_empty() { "void".to_owned() } else { kinds.join(", ") }
    }
}

pub(crate) enum What {
    Constant,
    Enum(Vec<Named>),
    Handle,
    Struct(Vec<Named>),
    Callback(Function),
    Function(Function),
}

pub(crate) struct Declaration {
    pub(crate) comment: String,
    pub(crate) name: String,
    pub(crate) what: What,
}

/// All declarations of a header, in its order.
pub(crate) fn read(header: &str) -> Vec<Declaration> {
    let (comments, code) = set_comments_aside(header);
    statements(&code).iter().filter_map(|statement| declaration(&comments, statement)).collect()
}

/// The functions among them.
pub(crate) fn functions(header: &str) -> Vec<(String, Function)> {
    let function = |declaration: Declaration| match declaration.what {
        What::Function(function) => Some((declaration.name, function)),
        What::Constant | What::Enum(_) | What::Handle | What::Struct(_) | What::Callback(_) => None,
    };
    read(header).into_iter().filter_map(function).collect()
}

/// The comments, and the code with `@3@` where the third comment was.
fn set_comments_aside(header: &str) -> (Vec<String>, String) {
    let (mut comments, mut code, mut rest) = (Vec::new(), String::new(), header);
    while let Some((before, after)) = rest.split_once("/*") {
        let (comment, behind) = after.split_once("*/").expect("a comment ends");
        let lines = comment.lines().map(|line| line.trim().trim_start_matches('*').trim_start());
        code.push_str(&format!("{before} @{}@ ", comments.len()));
        comments.push(lines.collect::<Vec<_>>().join("\n").trim().to_owned());
        rest = behind;
    }
    code.push_str(rest);
    (comments, code)
}

/// What ends with a semicolon outside of braces, and definitions of constants.
fn statements(code: &str) -> Vec<String> {
    let (mut statements, mut statement, mut depth) = (Vec::new(), String::new(), 0_u32);
    for line in code.lines().filter(|line| !line.contains("extern \"C\"")) {
        if line.starts_with('#') {
            if line.starts_with("#define ") {
                statements.push(std::mem::take(&mut statement) + line);
            }
            continue;
        }
        for word in line.split_inclusive([';', '{', '}']) {
            depth = if word.ends_with('{') { depth + 1 } else { depth - u32::from(word.ends_with('}')) };
            statement.push_str(word);
            if depth == 0 && word.ends_with(';') {
                statements.push(std::mem::take(&mut statement));
            }
        }
        statement.push(' ');
    }
    statements
}

fn declaration(comments: &[String], statement: &str) -> Option<Declaration> {
    // The comments in its braces are those of its members.
    let statement = statement.trim_end_matches(';');
    let (head, body) = statement.split_at(statement.find('{').unwrap_or(statement.len()));
    let (comment, head) = commented(comments, head);
    let text = head + body;
    let last = |text: &str| text.split_whitespace().next_back().unwrap_or_default().to_owned();
    let (name, what) = if let Some(constant) = text.strip_prefix("#define ") {
        // What guards against a second inclusion has no value.
        (constant.split_once(' ')?.0.to_owned(), What::Constant)
    } else if let Some((head, body)) = text.split_once('{') {
        let (body, behind) = body.split_once('}')?;
        match head.strip_prefix("enum ") {
            Some(head) => {
                let name = head.split([' ', ':']).next()?.to_owned();
                (name, What::Enum(body.split(',').filter_map(|value| enumerator(comments, value)).collect()))
            }
            None => (last(behind), What::Struct(body.split(';').filter_map(|field| named(comments, field)).collect())),
        }
    } else if text.starts_with("typedef struct ") {
        (last(&text), What::Handle)
    } else if let Some((returns, rest)) = text.strip_prefix("typedef ").and_then(|text| text.split_once("(*")) {
        let (name, parameters) = rest.split_once(")(")?;
        (name.to_owned(), What::Callback(function(returns, parameters)))
    } else if text.starts_with("typedef ") {
        return None;
    } else {
        let (head, parameters) = text.split_once('(')?;
        let named = named(&[], head)?;
        (named.name, What::Function(function(&named.kind, parameters)))
    };
    Some(Declaration { comment, name, what })
}

/// The comment just before some code, and that code.
fn commented(comments: &[String], text: &str) -> (String, String) {
    let (marks, code) = text.rsplit_once('@').unwrap_or(("", text));
    let number = marks.rsplit('@').next().and_then(|number| number.parse::<usize>().ok());
    let comment = number.and_then(|number| comments.get(number)).cloned();
    (comment.unwrap_or_default(), code.trim().to_owned())
}

fn function(returns: &str, parameters: &str) -> Function {
    let list = parameters.trim_end().trim_end_matches(')').split(',');
    let parameters = list.filter(|text| !["", "void"].contains(&text.trim())).filter_map(|text| named(&[], text));
    Function { returns: returns.trim().to_owned(), parameters: parameters.collect() }
}

fn named(comments: &[String], text: &str) -> Option<Named> {
    let (comment, text) = commented(comments, text);
    let at = text.rfind([' ', '*'])? + 1;
    Some(Named { comment, kind: text[..at].trim_end().to_owned(), name: text[at..].to_owned() })
}

fn enumerator(comments: &[String], text: &str) -> Option<Named> {
    let (comment, text) = commented(comments, text);
    let (name, number) = text.split_once(" = ")?;
    Some(Named { comment, kind: number.to_owned(), name: name.to_owned() })
}
