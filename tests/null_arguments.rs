//! NULL for every pointer of every function: a C program is made from the header, so that none can be forgotten.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a header that cannot be read is a failed test")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/header.rs"]
mod header;

use std::path::Path;

/// Pointers that may be NULL, as their functions say.
const OPTIONAL: [(&str, &str); 32] = [
    ("ossup_config_set_credentials", "token"),
    ("ossup_credentials_request_give", "token"),
    ("ossup_config_add_ecs_ram_role", "role_name"),
    ("ossup_config_add_oidc_role", "role_arn"),
    ("ossup_config_add_oidc_role", "oidc_provider_arn"),
    ("ossup_config_add_oidc_role", "token_file"),
    ("ossup_config_add_credentials_provider", "user_data"),
    ("ossup_config_add_credentials_provider", "release"),
    ("ossup_config_set_log", "user_data"),
    ("ossup_config_set_log", "release"),
    ("ossup_config_set_no_proxy", "list"),
    ("ossup_config_set_proxy", "url"),
    ("ossup_config_set_user_agent", "text"),
    ("ossup_client_new", "error"),
    ("ossup_client_upload_file", "result"),
    ("ossup_client_upload_file", "error"),
    ("ossup_upload_new", "error"),
    ("ossup_upload_set_listener", "on_progress"),
    ("ossup_upload_set_listener", "on_complete"),
    ("ossup_upload_set_listener", "user_data"),
    ("ossup_upload_set_listener", "release"),
    ("ossup_upload_start", "error"),
    ("ossup_upload_wait", "error"),
    ("ossup_upload_resume_token", "error"),
    ("ossup_request_set_resume_token", "token"),
    ("ossup_result_callback_body", "length"),
    ("ossup_record_read", "error"),
    ("ossup_record_delete", "error"),
    ("ossup_record_list_read", "error"),
    ("ossup_client_list_incomplete_uploads", "prefix"),
    ("ossup_client_list_incomplete_uploads", "error"),
    ("ossup_client_abort_incomplete_upload", "error"),
];

struct Function {
    returns: String,
    name: String,
    parameters: Vec<(String, String)>,
}

impl Function {
    fn is_optional(&self, parameter: &str) -> bool {
        OPTIONAL.contains(&(self.name.as_str(), parameter)) || self.name.ends_with("_free")
    }

    /// The call with NULL in one place and something usable in all others.
    fn call(&self, null_at: usize) -> String {
        let argument = |(index, (kind, name)): (usize, &(String, String))| match index == null_at {
            true => "NULL".to_owned(),
            false => usable(kind, name),
        };
        let arguments: Vec<_> = self.parameters.iter().enumerate().map(argument).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }

    /// What is to be seen of a call whose NULL is refused, or ignored.
    fn check(&self, null_at: usize) -> String {
        let call = self.call(null_at);
        let optional = self.is_optional(&self.parameters[null_at].1);
        match self.returns.as_str() {
            "ossup_status" if !optional => format!("CHECK_STATUS(OSSUP_INVALID_ARGUMENT, {call});"),
            "void" => format!("{call};"),
            _ => format!("(void){call};"),
        }
    }
}

fn is_pointer(kind: &str) -> bool {
    kind.ends_with('*') || kind.ends_with("_fn")
}

fn usable(kind: &str, name: &str) -> String {
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

/// The functions of the header, one statement each once comments and directives are gone.
fn functions() -> Vec<Function> {
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

fn program(checks: &[String]) -> String {
    // Only these are ever made while something else is NULL.
    let handles = [
        "client",
        "upload",
        "result",
        "event",
        "error",
        "credentials_request",
        "resume_token",
        "record",
        "record_list",
        "incomplete_uploads",
    ];
    let outputs: String = handles.iter().map(|name| format!("    ossup_{name} *ossup_{name}_out = NULL;\n")).collect();
    format!(
        r#"#include "fixture.h"

/* What an upload asks that has to ask a queue for its credentials. */
static ossup_credentials_request *question(ossup_config *config, const ossup_request *request)
{{
    ossup_queue *queue = NULL;
    ossup_client *client = NULL;
    ossup_upload *upload = NULL;
    ossup_event *event = NULL;
    ossup_credentials_request *asked = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_OK, ossup_config_add_credentials_queue(config, queue, 8));
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
    CHECK_STATUS(OSSUP_OK, ossup_event_credentials(event, &asked));
    return asked;
}}

int main(void)
{{
    /* What nobody listens to is unreachable at once; an upload that has ended gives a result, an error and events. */
    struct path file = make_file("null.bin", 10);
    ossup_config *config = make_config();
    ossup_client *client = NULL;
    ossup_request *request = make_request("null", file.text);
    ossup_upload *upload = NULL;
    ossup_result *result = NULL;
    ossup_queue *queue = NULL;
    ossup_event *event = NULL;
    ossup_error *error = NULL;
    ossup_progress progress = {{.struct_size = sizeof progress}};
    size_t length = 0;
    int32_t fd = -1;
    char anything = 0;
{outputs}
    CHECK_STATUS(OSSUP_OK, ossup_client_new(config, &client, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_queue_new(&queue));
    CHECK_STATUS(OSSUP_INVALID_ARGUMENT, ossup_upload_new(NULL, NULL, &upload, &error));
    CHECK_STATUS(OSSUP_OK, ossup_upload_new(client, request, &upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_queue(upload, queue, 7));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    CHECK_STATUS(OSSUP_OK, ossup_upload_result(upload, &result));
    CHECK_STATUS(OSSUP_OK, ossup_queue_next(queue, -1, &event));
    ossup_credentials_request *credentials_request = question(make_bare_config(), request);

    {}
    return 0;
}}
"#,
        checks.join("\n    ")
    )
}

#[test]
fn null_is_an_invalid_argument_everywhere_and_never_a_crash() {
    let functions = functions();
    let symbols = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("abi/symbols.txt")).unwrap();
    assert_eq!(functions.len(), symbols.lines().count(), "not every function of the header was understood");

    let mut checks = Vec::new();
    for function in &functions {
        let pointers = function.parameters.iter().enumerate().filter(|(_, (kind, _))| is_pointer(kind));
        checks.extend(pointers.map(|(index, _)| function.check(index)));
    }
    assert!(checks.len() > 130, "only {} pointers", checks.len());

    run(&program(&checks));
}

/// Runs a program, which is to say nothing.
fn run(program: &str) {
    let server = oss_server::OssServer::start(oss_server::Options::default()).unwrap();
    server.create_bucket("bucket");
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("null.c");
    std::fs::write(&source, program).unwrap();
    let output = compile::compile(&source)
        .command()
        .env("OSSUP_TEST_ENDPOINT", server.endpoint())
        .env("OSSUP_TEST_DIR", folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{said}", output.status);
    assert_eq!(said, "", "something was printed");
}

/// What becomes of a panic in each of them.
#[cfg(feature = "forced-panics")]
mod panics {
    use super::{Function, functions, is_pointer, run, usable};

    /// Constants, in which there is nothing that could.
    const NEVER: [&str; 3] = ["ossup_version", "ossup_abi_version", "ossup_status_name"];

    impl Function {
        fn check_panic(&self) -> String {
            // It comes before any argument is looked at, but for where the error goes.
            let argument = |(kind, name): &(String, String)| match (kind.as_str(), name.as_str()) {
                ("ossup_error **", "error") => "&error".to_owned(),
                _ if is_pointer(kind) => "NULL".to_owned(),
                _ => usable(kind, name),
            };
            let arguments: Vec<_> = self.parameters.iter().map(argument).collect();
            let call = format!("{}({})", self.name, arguments.join(", "));
            let status = self.returns == "ossup_status";
            let seen = if status { format!("CHECK_STATUS(OSSUP_INTERNAL, {call});") } else { format!("(void){call};") };
            let tells = status && arguments.iter().any(|argument| argument == "&error");
            let told = if tells { "check_error(&error, \"forced in function\");" } else { "" };
            format!(
                "CHECK_STATUS(OSSUP_OK, ossup_test_panic(\"function\", 0)); {seen} CHECK(ossup_test_panicked()); {told}"
            )
        }
    }

    #[test]
    fn a_panic_in_any_function_is_a_status_with_its_text_and_no_upload_knows_of_it() {
        let functions = functions();
        let checks = functions.iter().filter(|function| !NEVER.contains(&function.name.as_str()));
        let checks: Vec<_> = checks.map(Function::check_panic).collect();
        assert!(checks.len() > 180, "only {} functions", checks.len());
        run(&format!(
            r#"#include "fixture.h"
#include "forced.h"

int main(void)
{{
    struct path file = make_file("panic.bin", 300000);
    ossup_client *client = make_client();
    ossup_upload *upload = make_upload(client, "panic", file.text, false);
    ossup_error *error = NULL;
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 150000));
    CHECK_STATUS(OSSUP_OK, ossup_upload_start(upload, NULL));
    {}
    CHECK(!ossup_upload_is_done(upload));
    CHECK_STATUS(OSSUP_OK, ossup_upload_set_bandwidth_limit(upload, 0));
    CHECK_STATUS(OSSUP_OK, ossup_upload_wait(upload, -1, NULL));
    ossup_upload_free(upload);
    ossup_client_free(client);
    return 0;
}}
"#,
            checks.join("\n    ")
        ));
    }
}
