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
    let soname = format!("libossup.so.{}.{}", env("CARGO_PKG_VERSION_MAJOR"), env("CARGO_PKG_VERSION_MINOR"));
    println!("cargo::rustc-cdylib-link-arg=-Wl,-soname,{soname}");
    // Our threads outlive a dlclose.
    println!("cargo::rustc-cdylib-link-arg=-Wl,-z,nodelete");
}
