//! Looks a bill over: that it is what the schema asks for, that its graph is whole, and that it names what cargo names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::package::Id;
use crate::spdx;

/// A bill as this program writes it; a field that CycloneDX does not have is an error.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Bom {
    #[serde(rename = "$schema")]
    schema: String,
    bom_format: String,
    spec_version: String,
    pub(crate) serial_number: String,
    version: u32,
    metadata: Metadata,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Metadata {
    timestamp: String,
    lifecycles: Vec<Lifecycle>,
    component: Component,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lifecycle {
    phase: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Component {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "bom-ref")]
    reference: String,
    name: String,
    version: String,
    author: Option<String>,
    scope: Option<String>,
    #[serde(default)]
    hashes: Vec<Hash>,
    licenses: Vec<License>,
    purl: String,
    properties: Vec<Property>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Hash {
    alg: String,
    content: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct License {
    expression: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Property {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Dependency {
    #[serde(rename = "ref")]
    reference: String,
    depends_on: Vec<String>,
}

impl Component {
    fn id(&self) -> Id {
        Id { name: self.name.clone(), version: self.version.clone() }
    }
}

pub(crate) fn read(text: &str) -> Result<Bom, String> {
    serde_json::from_str(text).map_err(|error| format!("the bill: {error}"))
}

/// What is wrong with it, in words.
pub(crate) fn faults(bom: &Bom) -> Vec<String> {
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            faults.push(what);
        }
    };
    must(bom.schema == "http://cyclonedx.org/schema/bom-1.5.schema.json", format!("the schema is '{}'", bom.schema));
    must(bom.bom_format == "CycloneDX", format!("the format is '{}'", bom.bom_format));
    must(bom.spec_version == "1.5", format!("the version of the format is '{}'", bom.spec_version));
    must(bom.version >= 1, "the bill's version is 0".to_owned());
    must(is_serial_number(&bom.serial_number), format!("'{}' is no serial number", bom.serial_number));
    must(is_time(&bom.metadata.timestamp), format!("'{}' is no time", bom.metadata.timestamp));
    must(bom.metadata.lifecycles.iter().all(|cycle| cycle.phase == "build"), "it is of no build".to_owned());
    must(!bom.components.is_empty(), "it has no components".to_owned());
    faults.extend(std::iter::once(&bom.metadata.component).chain(&bom.components).flat_map(faults_of));
    faults.extend(faults_of_graph(bom));
    faults
}

fn faults_of(component: &Component) -> Vec<String> {
    let id = component.id();
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            faults.push(format!("{id}: {what}"));
        }
    };
    must(component.kind == "library", "it is no library");
    must(!component.name.is_empty(), "it has no name");
    must(!component.version.is_empty(), "its version is empty");
    must(component.author.as_deref() != Some(""), "its author is empty");
    must(component.scope.as_deref().is_none_or(|scope| scope == "required"), "its scope is unknown");
    must(component.licenses.len() == 1, "it needs one expression of licences");
    must(
        component.licenses.iter().all(|one| spdx::names(&one.expression).is_ok()),
        "its licence is no expression of SPDX",
    );
    must(component.hashes.iter().all(is_sha256), "its hash is no SHA-256");
    must(!component.properties.is_empty(), "it is for no target");
    must(
        component.properties.iter().all(|one| one.name == "ossup:target" && !one.value.is_empty()),
        "it has an unknown property",
    );
    let is_from_registry = component.purl.starts_with("pkg:cargo/");
    must(!is_from_registry || component.hashes.len() == 1, "it comes from a registry and has no hash");
    must(is_purl(&component.purl), "its purl is none");
    must(is_named(component), "its purl names something else");
    faults
}

/// What is a folder in another's tree has that one's version.
fn is_named(component: &Component) -> bool {
    let Component { name, version, purl, .. } = component;
    match purl.split_once('#') {
        Some((tree, path)) => tree.ends_with(&format!("@{version}")) && path.split('/').next_back() == Some(name),
        None => purl.contains(&format!("/{name}@{version}")),
    }
}

fn faults_of_graph(bom: &Bom) -> Vec<String> {
    let mut faults = Vec::new();
    let root = &bom.metadata.component.reference;
    let mut known = BTreeSet::from([root.as_str()]);
    for component in &bom.components {
        if !known.insert(&component.reference) {
            faults.push(format!("{} is there twice", component.reference));
        }
    }
    let mut needs: BTreeMap<&str, &[String]> = BTreeMap::new();
    for dependency in &bom.dependencies {
        if needs.insert(&dependency.reference, &dependency.depends_on).is_some() {
            faults.push(format!("what {} needs is said twice", dependency.reference));
        }
        let once: BTreeSet<_> = dependency.depends_on.iter().collect();
        if once.len() < dependency.depends_on.len() {
            faults.push(format!("{} needs something twice", dependency.reference));
        }
    }
    let named = needs.iter().flat_map(|(reference, needs)| needs.iter().map(String::as_str).chain([*reference]));
    faults.extend(named.filter(|name| !known.contains(name)).map(|name| format!("there is no {name}")));
    let reached = reached(root, &needs);
    faults.extend(
        known.iter().filter(|one| !needs.contains_key(*one)).map(|one| format!("what {one} needs is not said")),
    );
    faults.extend(known.iter().filter(|one| !reached.contains(*one)).map(|one| format!("nobody needs {one}")));
    faults
}

fn reached<'a>(root: &'a str, needs: &BTreeMap<&'a str, &'a [String]>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![root];
    while let Some(one) = next.pop() {
        if reached.insert(one) {
            next.extend(needs.get(one).copied().unwrap_or_default().iter().map(String::as_str));
        }
    }
    reached
}

/// Components that the text of the licences does not name.
pub(crate) fn unnamed(bom: &Bom, licenses: &str) -> Vec<String> {
    let is_named = |component: &&Component| {
        let entry = format!("{}: {} [", component.id(), component.licenses.first().map_or("", |one| &one.expression));
        licenses.lines().any(|line| line.starts_with(&entry) && !line.starts_with(&format!("{entry}]")))
    };
    let unnamed = bom.components.iter().filter(|component| !is_named(component));
    unnamed.map(|component| format!("the licences do not name {}", component.id())).collect()
}

/// Packages of cargo's that are not in the bill, or of the bill that cargo does not name.
pub(crate) fn other_packages(bom: &Bom, names: &BTreeSet<Id>) -> Vec<String> {
    let is_cargos = |purl: &str| purl.starts_with("pkg:cargo/") || purl.starts_with("pkg:github/rust-lang/rust@");
    let of_cargo = bom.components.iter().filter(|component| is_cargos(&component.purl));
    let listed: BTreeSet<_> = of_cargo.map(Component::id).collect();
    let missing = names.difference(&listed).map(|id| format!("{id} is linked and not listed"));
    let invented = listed.difference(names).map(|id| format!("{id} is listed and not linked"));
    missing.chain(invented).collect()
}

/// As the schema's pattern has it.
fn is_serial_number(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let groups: Vec<_> = uuid.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && groups.iter().all(|group| is_hex(group))
}

fn is_hex(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c))
}

fn is_sha256(hash: &Hash) -> bool {
    hash.alg == "SHA-256" && hash.content.len() == 64 && is_hex(&hash.content)
}

fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00Z"
}

/// A type, a name and a version.
fn is_purl(text: &str) -> bool {
    let Some((kind, rest)) = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else { return false };
    let is_of_purls = |c: char| c.is_ascii_alphanumeric() || ".-_~/@?=&#%+".contains(c);
    ["cargo", "generic", "github", "maven"].contains(&kind)
        && rest.split_once('@').is_some_and(|(name, version)| !name.is_empty() && !version.is_empty())
        && rest.chars().all(is_of_purls)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn good() -> Value {
        json!({
            "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
            "bomFormat": "CycloneDX",
            "specVersion": "1.5",
            "serialNumber": "urn:uuid:01234567-89ab-8cde-8f01-23456789abcd",
            "version": 1,
            "metadata": {
                "timestamp": "2026-11-27T00:00:00Z",
                "lifecycles": [{ "phase": "build" }],
                "component": component("ossup", "0.1.1", "pkg:generic/ossup@0.1.1?target=here"),
            },
            "components": [component("url", "2.5.8", "pkg:cargo/url@2.5.8"), component("std", "1.96.0", "pkg:github/rust-lang/rust@1.96.0#library/std")],
            "dependencies": [
                { "ref": "ossup@0.1.1", "dependsOn": ["std@1.96.0", "url@2.5.8"] },
                { "ref": "url@2.5.8", "dependsOn": [] },
                { "ref": "std@1.96.0", "dependsOn": [] },
            ],
        })
    }

    fn component(name: &str, version: &str, purl: &str) -> Value {
        json!({
            "type": "library",
            "bom-ref": format!("{name}@{version}"),
            "name": name,
            "version": version,
            "hashes": [{ "alg": "SHA-256", "content": "0123456789abcdef".repeat(4) }],
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
            "purl": purl,
            "properties": [{ "name": "ossup:target", "value": "here" }],
        })
    }

    fn faults_in(bom: &Value) -> Vec<String> {
        read(&bom.to_string()).map_or_else(|error| vec![error], |bom| faults(&bom))
    }

    #[test]
    fn a_good_bill_has_no_faults() {
        assert_eq!(faults_in(&good()), Vec::<String>::new());
    }

    #[test]
    fn each_fault_is_found() {
        let changes = [
            ("/bomFormat", json!("SPDX"), "the format is 'SPDX'"),
            ("/specVersion", json!("1.0"), "the version of the format is '1.0'"),
            ("/version", json!(0), "version is 0"),
            ("/serialNumber", json!("urn:uuid:1"), "no serial number"),
            ("/metadata/timestamp", json!("today"), "no time"),
            ("/metadata/lifecycles/0/phase", json!("design"), "of no build"),
            ("/components", json!([]), "no components"),
            ("/components/0/type", json!("boat"), "url 2.5.8: it is no library"),
            ("/components/0/version", json!("2.5.9"), "names something else"),
            ("/components/0/purl", json!("pkg:cargo/url"), "its purl is none"),
            ("/components/0/purl", json!(null), "expected a string"),
            ("/components/0/hashes", json!([]), "has no hash"),
            ("/components/0/hashes/0/alg", json!("MD5"), "no SHA-256"),
            ("/components/0/hashes/0/content", json!("0"), "no SHA-256"),
            ("/components/0/licenses/0/expression", json!("see LICENSE"), "no expression of SPDX"),
            ("/components/0/licenses", json!([]), "one expression"),
            ("/components/0/properties", json!([]), "for no target"),
            ("/components/1/purl", json!("pkg:github/rust-lang/rust@1.96.0#library/core"), "names something else"),
            ("/components/1/purl", json!("pkg:github/rust-lang/rust@1.95.0#library/std"), "names something else"),
            ("/components/1/bom-ref", json!("url@2.5.8"), "url@2.5.8 is there twice"),
            ("/dependencies/0/dependsOn/0", json!("url@2.5.8"), "needs something twice"),
            ("/dependencies/0/dependsOn/0", json!("core@1"), "there is no core@1"),
            ("/dependencies/0/dependsOn", json!(["url@2.5.8"]), "nobody needs std@1.96.0"),
            ("/dependencies/2/ref", json!("url@2.5.8"), "what std@1.96.0 needs is not said"),
        ];
        for (place, value, fault) in changes {
            let mut bom = good();
            *bom.pointer_mut(place).unwrap() = value;
            let found = faults_in(&bom);
            assert!(found.iter().any(|found| found.contains(fault)), "{place}: {found:?}");
        }
    }

    #[test]
    fn a_folder_in_a_tree_is_named_by_its_last_word() {
        for purl in ["pkg:github/rust-lang/rust@1.96.0#library/std", "pkg:generic/rust@1.96.0#std"] {
            let mut bom = good();
            bom["components"][1]["purl"] = purl.into();
            assert_eq!(faults_in(&bom), Vec::<String>::new(), "{purl}");
        }
    }

    #[test]
    fn an_unknown_field_is_a_fault() {
        let mut bom = good();
        bom["components"][0]["colour"] = "red".into();
        assert!(faults_in(&bom)[0].contains("colour"));
    }

    #[test]
    fn licences_and_packages_are_compared() {
        let bom = read(&good().to_string()).unwrap();
        let licenses = "url 2.5.8: MIT OR Apache-2.0 [1, 2]\nstd 1.96.0: MIT OR Apache-2.0 [2]\n";
        assert_eq!(unnamed(&bom, licenses), Vec::<String>::new());
        assert_eq!(unnamed(&bom, "url 2.5.8: MIT OR Apache-2.0 []\n").len(), 2);
        let names = |versions: &[(&str, &str)]| versions.iter().map(|(name, version)| Id::new(name, version)).collect();
        assert_eq!(other_packages(&bom, &names(&[("url", "2.5.8"), ("std", "1.96.0")])), Vec::<String>::new());
        let other = other_packages(&bom, &names(&[("url", "2.5.8"), ("want", "0.3.2")]));
        assert_eq!(other, ["want 0.3.2 is linked and not listed", "std 1.96.0 is listed and not linked"]);
    }
}
