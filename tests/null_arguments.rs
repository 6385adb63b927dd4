//! NULL for every pointer of every function: a C program is made from the header, so that none can be forgotten.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a header that cannot be read is a failed test")]

#[path = "c/compile.rs"]
mod compile;
#[path = "c/functions.rs"]
mod functions;
#[path = "c/header.rs"]
mod header;

use functions::{Function, functions, is_pointer};
use header::System;
use std::path::Path;

/// Pointers that may be NULL, as their functions say.
const OPTIONAL: [(&str, &str); 44] = [
    ("ossup_config_set_credentials", "token"),
    ("ossup_credentials_request_give", "token"),
    ("ossup_credentials_request_give", "error"),
    ("ossup_config_add_ecs_ram_role", "role_name"),
    ("ossup_config_add_oidc_role", "role_arn"),
    ("ossup_config_add_oidc_role", "oidc_provider_arn"),
    ("ossup_config_add_oidc_role", "token_file"),
    ("ossup_config_add_oidc_role_w", "role_arn"),
    ("ossup_config_add_oidc_role_w", "oidc_provider_arn"),
    ("ossup_config_add_oidc_role_w", "token_file"),
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
    ("ossup_upload_write", "written"),
    ("ossup_upload_write", "error"),
    ("ossup_upload_finish", "error"),
    ("ossup_request_set_upload_memory", "user_data"),
    ("ossup_request_set_upload_memory", "release"),
    ("ossup_request_set_resume_token", "token"),
    ("ossup_result_callback_body", "length"),
    ("ossup_record_read", "error"),
    ("ossup_record_read_w", "error"),
    ("ossup_record_delete", "error"),
    ("ossup_record_delete_w", "error"),
    ("ossup_record_list_read", "error"),
    ("ossup_record_list_read_w", "error"),
    ("ossup_client_list_incomplete_uploads", "prefix"),
    ("ossup_client_list_incomplete_uploads", "error"),
    ("ossup_client_abort_incomplete_upload", "error"),
];

fn is_optional(function: &Function, parameter: &str) -> bool {
    OPTIONAL.contains(&(function.name.as_str(), parameter)) || function.name.ends_with("_free")
}

/// What is to be seen of a call whose NULL is refused, or ignored.
fn check(function: &Function, null_at: usize) -> String {
    let call = function.call(Some(null_at));
    let optional = is_optional(function, &function.parameters[null_at].1);
    match function.returns.as_str() {
        "ossup_status" if !optional => format!("CHECK_STATUS(OSSUP_INVALID_ARGUMENT, {call});"),
        "void" => format!("{call};"),
        _ => format!("(void){call};"),
    }
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
    void *handle = NULL;
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
    /* Each is an output on one system alone. */
    (void)fd;
    (void)handle;
    return 0;
}}
"#,
        checks.join("\n    ")
    )
}

#[test]
fn null_is_an_invalid_argument_everywhere_and_never_a_crash() {
    let functions = functions();
    let list = match header::system() {
        System::Unix => "abi/symbols.txt",
        System::Windows => "abi/symbols-windows.txt",
    };
    let symbols = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(list)).unwrap();
    assert_eq!(functions.len(), symbols.lines().count(), "not every function of the header was understood");

    let mut checks = Vec::new();
    for function in &functions {
        let pointers = function.parameters.iter().enumerate().filter(|(_, (kind, _))| is_pointer(kind));
        checks.extend(pointers.map(|(index, _)| check(function, index)));
    }
    assert!(checks.len() > 130, "only {} pointers", checks.len());

    let server = oss_server::OssServer::start(oss_server::Options::default()).unwrap();
    server.create_bucket("bucket");
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("null.c");
    std::fs::write(&source, program(&checks)).unwrap();
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
