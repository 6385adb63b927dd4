//! Link arguments of the shared library, and what it was built for.

fn main() {
    let env = |name: &str| std::env::var(name).unwrap_or_default();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=OSSUP_BUILT_FOR={}", env("TARGET"));
    println!("cargo::rustc-env=OSSUP_BUILT_AS={}, opt-level {}", env("PROFILE"), env("OPT_LEVEL"));
    if env("CARGO_CFG_TARGET_OS") != "linux" {
        return;
    }
    // Before 1.0 every minor version is an interface of its own.
    let (major, minor) = (env("CARGO_PKG_VERSION_MAJOR"), env("CARGO_PKG_VERSION_MINOR"));
    let interface = if major == "0" { format!("0.{minor}") } else { major };
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,libossup.so.{interface}");
    // Symbols that lie apart are found by it. Not every linker gives one unasked.
    println!("cargo::rustc-cdylib-link-arg=-Wl,--build-id=sha1");
    // Our threads outlive a dlclose.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
