//! The bill as CycloneDX 1.5 has it. The same build gives the same bytes: its number is made of its content.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::package::{Bill, Id, Package};

/// When the source was made, by SOURCE_DATE_EPOCH.
pub(crate) fn made_at() -> Result<OffsetDateTime, String> {
    let seconds = std::env::var("SOURCE_DATE_EPOCH").map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))?;
    let seconds = seconds.parse().map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))?;
    OffsetDateTime::from_unix_timestamp(seconds).map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))
}

pub(crate) fn written(bill: &Bill, made_at: OffsetDateTime) -> Result<String, String> {
    let made_at = made_at.format(&Rfc3339).map_err(|error| format!("SOURCE_DATE_EPOCH: {error}"))?;
    let mut bom = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "timestamp": made_at,
            "lifecycles": [{ "phase": "build" }],
            "component": root(bill),
        },
        "components": bill.packages.iter().map(|(id, package)| component(id, package)).collect::<Vec<_>>(),
        "dependencies": dependencies(bill),
    });
    let text = serde_json::to_string(&bom).map_err(|error| format!("the bill: {error}"))?;
    bom["serialNumber"] = number(&text).into();
    let text = serde_json::to_string_pretty(&bom).map_err(|error| format!("the bill: {error}"))?;
    Ok(text + "\n")
}

/// A UUID of the kind that everybody may make in his own way.
fn number(content: &str) -> String {
    let mut bytes: [u8; 16] = [0; 16];
    bytes.copy_from_slice(&Sha256::digest(content)[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn root(bill: &Bill) -> Value {
    json!({
        "type": "library",
        "bom-ref": reference(&bill.root),
        "name": bill.root.name,
        "version": bill.root.version,
        "licenses": [{ "expression": bill.license }],
        "purl": bill.root_purl,
        "properties": targets(bill.targets.iter()),
    })
}

fn component(id: &Id, package: &Package) -> Value {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| all.insert(name.to_owned(), value);
    put("type", "library".into());
    put("bom-ref", reference(id).into());
    put("name", id.name.clone().into());
    put("version", id.version.clone().into());
    if !package.authors.is_empty() {
        put("author", package.authors.join(", ").into());
    }
    put("scope", "required".into());
    if let Some(sha256) = &package.sha256 {
        put("hashes", json!([{ "alg": "SHA-256", "content": sha256 }]));
    }
    put("licenses", json!([{ "expression": package.license }]));
    put("purl", package.purl.clone().into());
    put("properties", targets(package.targets.iter()));
    Value::Object(all)
}

fn targets<'a>(targets: impl Iterator<Item = &'a String>) -> Value {
    targets.map(|target| json!({ "name": "ossup:target", "value": target })).collect()
}

fn dependencies(bill: &Bill) -> Value {
    let all = std::iter::once((&bill.root, &bill.needs))
        .chain(bill.packages.iter().map(|(id, package)| (id, &package.needs)));
    all.map(|(id, needs)| json!({ "ref": reference(id), "dependsOn": needs.iter().map(reference).collect::<Vec<_>>() }))
        .collect()
}

fn reference(id: &Id) -> String {
    id.to_string().replace(' ', "@")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::check;

    fn bill() -> Bill {
        let targets = BTreeSet::from(["here".to_owned()]);
        let needed = Id::new("needed", "2.0.0");
        let package = Package {
            license: "MIT".to_owned(),
            authors: vec!["Somebody".to_owned()],
            purl: "pkg:cargo/needed@2.0.0".to_owned(),
            sha256: Some("0".repeat(64)),
            folders: Vec::new(),
            needs: BTreeSet::new(),
            targets: targets.clone(),
        };
        Bill {
            root: Id::new("root", "1.0.0"),
            root_purl: "pkg:generic/root@1.0.0?target=here".to_owned(),
            license: "Apache-2.0".to_owned(),
            targets,
            needs: BTreeSet::from([needed.clone()]),
            packages: BTreeMap::from([(needed, package)]),
        }
    }

    #[test]
    fn a_bill_has_no_faults_and_the_same_bytes_again() {
        let text = written(&bill(), OffsetDateTime::UNIX_EPOCH).unwrap();
        assert_eq!(text, written(&bill(), OffsetDateTime::UNIX_EPOCH).unwrap());
        assert_eq!(check::faults(&check::read(&text).unwrap()), Vec::<String>::new());
        assert!(text.contains("\"timestamp\": \"1970-01-01T00:00:00Z\""), "{text}");
    }

    #[test]
    fn another_bill_has_another_number() {
        let mut other = bill();
        other.license = "MIT".to_owned();
        let number_of = |bill| check::read(&written(bill, OffsetDateTime::UNIX_EPOCH).unwrap()).unwrap().serial_number;
        assert_ne!(number_of(&bill()), number_of(&other));
    }
}
