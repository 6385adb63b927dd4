//! The metadata service and STS as sources of credentials, each played by a service of the test's own.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "c/compile.rs"]
mod compile;
#[path = "support/net/mod.rs"]
mod net;
mod support;

use net::http_proxy::HttpProxy;
use oss_server::{AccessKey, Options};
use ossup::oss::date;
use ossup::world::clock::{ServerClock, SystemClock};
use ossup::world::credentials::{EcsRamRole, OidcRole, Variables};
use ossup::world::transport::{Connections, Http, Purpose, http_client};
use ossup::world::web::Web;
use ossup::{Client, Config, Error, Fetched, Kind, Provider, Role};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use support::service::{Asked, Reply, Service, page};
use support::{MIB, World, finish, start};

const TOKEN: &str = "PUT /latest/api/token";
const ROLES: &str = "GET /latest/meta-data/ram/security-credentials/";
const NEW_YEAR: &str = "2026-01-01T00:00:00Z";
const PATIENCE: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(200);

fn issued(expiration: &str) -> String {
    format!(
        "\"AccessKeyId\": \"STS.id\", \"AccessKeySecret\": \"hush\", \"SecurityToken\": \"hush/token+==\", \
         \"Expiration\": \"{expiration}\""
    )
}

fn role_document() -> String {
    format!("{{{}, \"LastUpdated\": \"{NEW_YEAR}\", \"Code\": \"Success\"}}", issued(NEW_YEAR))
}

fn fetch(source: &dyn Provider) -> Result<Fetched, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let fetched = runtime.block_on(source.fetch());
    if let Err(error) = &fetched {
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
    fetched
}

fn assert_issued(fetched: Result<Fetched, Error>) {
    let Fetched { credentials, expires } = fetched.unwrap();
    let token = credentials.token.as_deref();
    assert_eq!(
        (credentials.id.as_str(), credentials.secret.as_str(), token),
        ("STS.id", "hush", Some("hush/token+=="))
    );
    assert_eq!(expires, date::parse(NEW_YEAR));
}

/// The metadata service of an instance with the role `app`.
fn metadata(v2: bool, v1: bool) -> Service {
    Service::start(move |asked| {
        let allowed = match asked.header("x-aliyun-ecs-metadata-token") {
            Some(token) => token == "session",
            None => v1,
        };
        match asked.line.as_str() {
            TOKEN if v2 && asked.header("x-aliyun-ecs-metadata-token-ttl-seconds").is_some() => page(200, "session\n"),
            TOKEN => page(404, "no such page"),
            _ if !allowed => page(403, "a token is required"),
            ROLES => page(200, "app\n"),
            line if line == format!("{ROLES}app") => page(200, role_document()),
            _ => page(404, "no such page"),
        }
    })
}

fn machine() -> Http {
    http_client(&Connections::default(), Purpose::Machine).unwrap()
}

fn ecs(service: &Service, role: Option<&str>, patience: Duration, set: &[(&str, &str)]) -> EcsRamRole {
    let web = Web::new(machine(), patience);
    let look = |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
    EcsRamRole::new(web, service.origin.clone(), role.map(str::to_owned), Variables(&look))
}

#[test]
fn the_role_is_asked_for_under_a_session_token() {
    let service = metadata(true, false);
    assert_issued(fetch(&ecs(&service, None, PATIENCE, &[])));
    assert_eq!(service.lines(), [TOKEN.to_owned(), ROLES.to_owned(), format!("{ROLES}app")]);
}

#[test]
fn a_role_that_is_known_is_not_asked_for() {
    for (given, set) in [(Some("app"), vec![]), (None, vec![("ALIBABA_CLOUD_ECS_METADATA", "app")])] {
        let service = metadata(true, true);
        assert_issued(fetch(&ecs(&service, given, PATIENCE, &set)));
        assert_eq!(service.lines(), [TOKEN.to_owned(), format!("{ROLES}app")]);
    }
}

#[test]
fn an_instance_without_session_tokens_is_asked_without_unless_that_is_forbidden() {
    let service = metadata(false, true);
    assert_issued(fetch(&ecs(&service, None, PATIENCE, &[])));
    assert!(service.asked().iter().all(|asked| asked.header("x-aliyun-ecs-metadata-token").is_none()));

    let hardened = metadata(false, true);
    let error = fetch(&ecs(&hardened, None, PATIENCE, &[("ALIBABA_CLOUD_IMDSV1_DISABLED", "True")])).unwrap_err();
    assert!(error.to_string().contains("/latest/api/token") && error.to_string().contains("404"), "{error}");
    assert_eq!(hardened.lines(), [TOKEN]);
}

#[test]
fn both_refusals_are_told() {
    let error = fetch(&ecs(&metadata(false, false), None, PATIENCE, &[])).unwrap_err();
    assert!(error.to_string().contains("status 403") && error.to_string().contains("status 404"), "{error}");
    assert!(!error.report().temporary);
}

#[test]
fn the_metadata_service_can_be_switched_off() {
    let service = metadata(true, true);
    let error = fetch(&ecs(&service, None, PATIENCE, &[("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true")])).unwrap_err();
    assert!(error.to_string().contains("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), "{error}");
    assert!(service.asked().is_empty());
}

#[test]
fn a_role_that_is_not_there_is_final_and_a_service_that_is_ill_is_not() {
    let error = fetch(&ecs(&metadata(true, true), Some("other"), PATIENCE, &[])).unwrap_err();
    assert!(error.to_string().contains("no such RAM role") && !error.report().temporary, "{error}");
    let ill = Service::start(|asked| if asked.line == TOKEN { page(200, "session") } else { page(503, "") });
    let error = fetch(&ecs(&ill, None, PATIENCE, &[])).unwrap_err();
    assert!(error.to_string().contains("503") && error.report().temporary, "{error}");
    let hardened_and_ill = Service::start(|asked| page(if asked.line == TOKEN { 503 } else { 403 }, ""));
    let error = fetch(&ecs(&hardened_and_ill, None, PATIENCE, &[])).unwrap_err();
    assert!(error.report().temporary, "{error}");
    let failed = "{\"Code\": \"Failed\"}";
    let failing =
        Service::start(move |asked| if asked.line == TOKEN { page(200, "session") } else { page(200, failed) });
    let error = fetch(&ecs(&failing, Some("app"), PATIENCE, &[])).unwrap_err();
    assert!(error.to_string().contains("not Success") && error.report().temporary, "{error}");
}

#[test]
fn a_metadata_service_that_makes_no_sense_is_an_error() {
    let garbage =
        ["", "hush", "<html>hush</html>", "[\"hush\"]", "{\"AccessKeySecret\": \"hush\"}", "a\nb", "\u{7f}/../x"];
    for text in garbage {
        let service = Service::start(move |_| page(200, text));
        fetch(&ecs(&service, None, PATIENCE, &[])).unwrap_err();
        fetch(&ecs(&service, Some("app"), PATIENCE, &[])).unwrap_err();
    }
    let redirecting = Service::start(|_| page(302, "elsewhere"));
    fetch(&ecs(&redirecting, None, PATIENCE, &[])).unwrap_err();
}

#[test]
fn a_metadata_service_is_waited_for_no_longer_and_read_no_further_than_makes_sense() {
    let silent = Service::start(|_| Reply::Silence);
    let error = fetch(&ecs(&silent, None, SHORT, &[])).unwrap_err();
    assert!(error.to_string().contains("no answer within 200 ms") && error.report().temporary, "{error}");
    let flooding = Service::start(|_| Reply::Flood);
    let error = fetch(&ecs(&flooding, None, PATIENCE, &[])).unwrap_err();
    assert!(error.to_string().contains("longer than 65536 bytes"), "{error}");
}

fn world_for_sts() -> World {
    let keys = vec![AccessKey::temporary("STS.id", "hush", "hush/token+==", None)];
    World::with(MIB, Options { access_keys: keys, ..Options::default() })
}

fn config(world: &World) -> Config {
    let mut config = Config::default();
    config.set_endpoint(&world.server.endpoint()).unwrap();
    config.set_region("cn-hangzhou").unwrap();
    config
}

#[test]
fn an_upload_goes_by_the_instances_role() {
    let (world, service) = (world_for_sts(), metadata(true, false));
    let mut config = config(&world);
    config.set_ecs_metadata_endpoint(&service.origin).unwrap();
    config.add_ecs_ram_role(None).unwrap();
    world.assert_done(&finish(&start(&Client::new(&config).unwrap(), &world.request())));
    assert_eq!(service.asked().len(), 3);
}

/// Takes a form, or a query, apart.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let decoded = |text: &str| ossup::oss::encode::decode(text).unwrap();
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

fn sts() -> Service {
    Service::start(|asked| match pairs(&asked.body).get("OIDCToken").map(String::as_str) {
        Some("hush.oidc+/=") => {
            page(200, format!("{{\"RequestId\": \"R\", \"Credentials\": {{{}}}}}", issued(NEW_YEAR)))
        }
        _ => page(
            400,
            "{\"Code\": \"AuthenticationFail.OIDCToken.Expired\", \"Message\": \"no\", \"RequestId\": \"65A0\"}",
        ),
    })
}

fn role(token_file: &Path) -> Role {
    Role {
        role_arn: Some("acs:ram::1:role/app".to_owned()),
        provider_arn: Some("acs:ram::1:oidc-provider/ack".to_owned()),
        token_file: Some(token_file.to_owned()),
    }
}

fn oidc(service: &Service, role: Role, set: &[(&str, &str)]) -> OidcRole {
    let web = Web::new(machine(), PATIENCE);
    let look = |name: &str| set.iter().find(|(other, _)| *other == name).map(|(_, value)| OsString::from(value));
    let clock = Arc::new(ServerClock::new(SystemClock));
    OidcRole::new(web, clock, service.origin.clone(), role, Variables(&look))
}

fn token_file(text: &str) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    file
}

#[test]
fn a_token_is_exchanged_for_credentials_without_being_in_the_address() {
    let (service, file) = (sts(), token_file("hush.oidc+/=\n"));
    assert_issued(fetch(&oidc(&service, role(file.path()), &[])));
    let Asked { line, body, .. } = service.asked().remove(0);
    let (target, query) = line.split_once('?').unwrap();
    assert_eq!(target, "POST /");
    let query = pairs(query);
    assert_eq!(query.keys().collect::<Vec<_>>(), ["Action", "Format", "Timestamp", "Version"]);
    assert_eq!(
        (&*query["Action"], &*query["Format"], &*query["Version"]),
        ("AssumeRoleWithOIDC", "JSON", "2015-04-01")
    );
    assert!(query["Timestamp"].ends_with('Z') && date::parse(&query["Timestamp"]).is_some());
    let form = pairs(&body);
    assert_eq!(form.keys().collect::<Vec<_>>(), ["OIDCProviderArn", "OIDCToken", "RoleArn", "RoleSessionName"]);
    assert_eq!((&*form["RoleArn"], &*form["RoleSessionName"]), ("acs:ram::1:role/app", "ossup"));
    assert_eq!(form["OIDCProviderArn"], "acs:ram::1:oidc-provider/ack");
}

#[test]
fn a_token_that_was_replaced_is_read_anew() {
    let (service, file) = (sts(), token_file("old"));
    let source = oidc(&service, role(file.path()), &[]);
    fetch(&source).unwrap_err();
    std::fs::write(file.path(), "hush.oidc+/=").unwrap();
    assert_issued(fetch(&source));
}

#[test]
fn what_is_not_given_is_taken_from_the_environment_or_missed_by_name() {
    let (service, file) = (sts(), token_file("hush.oidc+/="));
    let mut set = vec![
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/app"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file.path().to_str().unwrap()),
        ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod-7"),
    ];
    assert_issued(fetch(&oidc(&service, Role::default(), &set)));
    assert_eq!(pairs(&service.asked()[0].body)["RoleSessionName"], "pod-7");
    set.pop();
    while let Some((missing, _)) = set.pop() {
        let error = fetch(&oidc(&service, Role::default(), &set)).unwrap_err();
        assert!(error.to_string().contains(missing) && !error.report().temporary, "{error}");
    }
    assert_eq!(service.asked().len(), 1);
}

#[test]
fn a_token_file_that_cannot_be_used_is_named() {
    let service = sts();
    let empty = token_file(" \n");
    for (path, words) in [(empty.path(), "holds no token"), (Path::new("/no/such/token"), "cannot be read")] {
        let error = fetch(&oidc(&service, role(path), &[])).unwrap_err();
        assert!(error.to_string().contains(path.to_str().unwrap()) && error.to_string().contains(words), "{error}");
    }
    assert!(service.asked().is_empty());
}

#[test]
fn what_sts_says_is_told_with_its_request_id_and_without_the_token() {
    let quoting = "{\"Code\": \"AuthenticationFail.OIDCToken.Invalid\", \"Message\": \"hush.bad is none\", \"RequestId\": \"65A0\"}";
    let file = token_file("hush.bad");
    for (status, body, words, temporary) in [
        (400, quoting, "AuthenticationFail.OIDCToken.Invalid: *** is none (request id 65A0)", false),
        (400, "{\"Code\": \"Throttling.User\", \"RequestId\": \"65A0\"}", "Throttling.User", true),
        (503, "{\"Code\": \"ServiceUnavailable\", \"RequestId\": \"65A0\"}", "ServiceUnavailable", true),
    ] {
        let service = Service::start(move |_| page(status, body));
        let error = fetch(&oidc(&service, role(file.path()), &[])).unwrap_err();
        let report = error.report();
        assert!(error.to_string().contains(words), "{error}");
        assert_eq!(
            (report.request_id.as_deref(), report.http_status, report.temporary),
            (Some("65A0"), status, temporary)
        );
        assert_eq!(report.host.as_deref(), service.origin.strip_prefix("http://"));
    }
    for (status, body) in [(200, "<html>hush</html>"), (200, "{\"Credentials\": \"hush\"}"), (403, "hush"), (200, "{}")]
    {
        let service = Service::start(move |_| page(status, body));
        fetch(&oidc(&service, role(file.path()), &[])).unwrap_err();
    }
}

#[test]
fn however_sts_quotes_the_token_it_is_told_in_one_short_line_without_it() {
    const HEAD: &str = "eyJhbGciOiJSUzI1NiJ9";
    const CLAIMS: &str = "eyJzdWIiOi+/=hush";
    const SIGNATURE: &str = "c2lnbmF0dXJl";
    let token = format!("{HEAD}.{CLAIMS}.{SIGNATURE}.ok");
    let encoded = |text: &str| ossup::oss::encode::query(text);
    let quotes = [
        token.clone(),
        encoded(&token),
        format!("{HEAD} and {CLAIMS}"),
        format!("{} and {SIGNATURE}", encoded(CLAIMS)),
        format!("{HEAD}.\\n{CLAIMS}\\u0007.\\t{SIGNATURE}.ok"),
    ];
    let file = token_file(&token);
    for quote in quotes {
        let refusal = format!("{{\"Code\": \"Bad\", \"Message\": \"not ok: {quote}\", \"RequestId\": \"7-{quote}\"}}");
        let service = Service::start(move |_| page(400, refusal.clone()));
        let error = fetch(&oidc(&service, role(file.path()), &[])).unwrap_err();
        let (message, request_id) = (error.to_string(), error.report().request_id.clone().unwrap());
        assert!(message.contains("Bad: not ok: ***") && request_id.starts_with("7-***"), "{message}");
        for piece in [HEAD, CLAIMS, SIGNATURE, &encoded(CLAIMS)] {
            assert!(!message.contains(piece) && !request_id.contains(piece), "{message}");
        }
        assert!(!message.contains(char::is_control), "{message:?}");
    }
    let endless = format!("{{\"Code\": \"Bad\", \"Message\": \"{0}\", \"RequestId\": \"{0}\"}}", "中".repeat(5000));
    let service = Service::start(move |_| page(400, endless.clone()));
    let error = fetch(&oidc(&service, role(file.path()), &[])).unwrap_err();
    assert!(error.to_string().chars().count() < 1200, "{error}");
    assert_eq!(error.report().request_id.as_ref().unwrap().chars().count(), 500);
}

#[test]
fn an_upload_goes_by_an_oidc_role_and_tells_what_sts_says() {
    let (world, service, file) = (world_for_sts(), sts(), token_file("hush.oidc+/="));
    let mut config = config(&world);
    config.set_sts_endpoint(&service.origin).unwrap();
    config.add_oidc_role(role(file.path())).unwrap();
    let client = Client::new(&config).unwrap();
    world.assert_done(&finish(&start(&client, &world.request())));

    std::fs::write(file.path(), "expired").unwrap();
    let error = finish(&start(&Client::new(&config).unwrap(), &world.request())).error.unwrap();
    assert_eq!((error.kind(), error.report().request_id.as_deref()), (Kind::NoCredentials, Some("65A0")));
    assert!(error.to_string().contains("AuthenticationFail.OIDCToken.Expired"), "{error}");
}

#[test]
fn sts_is_asked_through_the_proxy_that_leads_to_oss() {
    let (world, service, file) = (world_for_sts(), sts(), token_file("hush.oidc+/="));
    let proxy = HttpProxy::with_password("user:password");
    let mut config = config(&world);
    config.set_proxy(Some(&format!("http://user:password@{}", proxy.address))).unwrap();
    config.set_sts_endpoint(&service.origin).unwrap();
    config.add_oidc_role(role(file.path())).unwrap();
    world.assert_done(&finish(&start(&Client::new(&config).unwrap(), &world.request())));
    let to_sts = proxy.asked().into_iter().filter(|asked| asked.target.starts_with(&service.origin)).count();
    assert_eq!((to_sts, service.asked().len()), (1, 1));
    assert_eq!(proxy.asked().len(), 1 + world.server.ledger().len());
}

#[test]
fn sts_is_trusted_as_oss_is() {
    let world = World::with(MIB, Options { tls: true, ..Options::default() });
    let (ca, file) = (world.folder.path().join("ca.pem"), token_file("hush"));
    std::fs::write(&ca, world.server.ca_pem().unwrap()).unwrap();
    let mut config = config(&world);
    config.set_max_attempts(1).unwrap();
    // OSS is no STS, but it answers by TLS.
    config.set_sts_endpoint(&world.server.https_endpoint().unwrap()).unwrap();
    config.add_oidc_role(role(file.path())).unwrap();
    let said = |config: &Config| {
        let error = finish(&start(&Client::new(config).unwrap(), &world.request())).error.unwrap();
        assert_eq!(error.kind(), Kind::NoCredentials);
        error.to_string()
    };
    assert!(said(&config).contains("TLS with localhost"), "{}", said(&config));
    config.set_ca_file(&ca).unwrap();
    assert!(said(&config).contains("STS answers with status"), "{}", said(&config));
}

/// Runs `tests/c/{name}.c` in an environment of its own.
fn run(name: &str, world: &World, set: &[(&str, &str)]) {
    let program = compile::compile(format!("tests/c/{name}.c"));
    let mut command = program.command();
    for proxy in
        ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"]
    {
        command.env_remove(proxy);
    }
    command.env("OSSUP_TEST_ENDPOINT", world.server.endpoint()).env("OSSUP_TEST_DIR", world.folder.path());
    let output = command.envs(set.iter().copied()).output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn the_metadata_service_is_reached_through_no_proxy() {
    let (world, service) = (world_for_sts(), metadata(true, false));
    let proxy = "http://127.0.0.1:1";
    let set = [("OSSUP_TEST_METADATA", service.origin.as_str()), ("http_proxy", proxy), ("all_proxy", proxy)];
    run("metadata_proxy", &world, &set);
    assert_eq!(service.asked().len(), 3);
    assert!(world.server.ledger().is_empty());
}

#[test]
fn the_environment_is_read_when_the_client_is_made() {
    let (world, metadata, sts, file) = (world_for_sts(), metadata(true, false), sts(), token_file("hush.oidc+/="));
    let set = [
        ("OSSUP_TEST_METADATA", metadata.origin.as_str()),
        ("OSS_ACCESS_KEY_ID", "STS.id"),
        ("OSS_ACCESS_KEY_SECRET", "hush"),
        ("OSS_SESSION_TOKEN", "hush/token+=="),
        ("ALIBABA_CLOUD_ECS_METADATA", "app"),
        ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/app"),
        ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack"),
        ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", file.path().to_str().unwrap()),
        ("ALIBABA_CLOUD_ROLE_SESSION_NAME", "pod-7"),
        ("ALIBABA_CLOUD_STS_ENDPOINT", sts.origin.as_str()),
    ];
    run("environment", &world, &set);
    assert_eq!((metadata.asked().len(), sts.asked().len()), (2, 1));
}
