//! Where the libraries are: in the folder that MXSEL_LIBDIR names, for trees
//! that are built and not installed, or where pkg-config says.

use std::env;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for variable in ["MXSEL_LIBDIR", "PKG_CONFIG", "PKG_CONFIG_PATH"] {
        println!("cargo:rerun-if-env-changed={}", variable);
    }
    let mut libraries = vec!["mxsel", "mxsel-ldns"];
    if env::var_os("CARGO_FEATURE_IDN2").is_some() {
        libraries.push("mxsel-idn2");
    }
    for library in &libraries {
        println!("cargo:rustc-link-lib=dylib={}", library);
    }
    match env::var_os("MXSEL_LIBDIR") {
        Some(folder) if !folder.is_empty() => {
            use_folder(Path::new(&folder), &libraries)
        }
        _ => use_pkg_config(&libraries),
    }
}

/// A tree that is built and not installed has libmxsel.so.0 alone. What the
/// linker and `cargo test` look for is linked into a folder of the build.
fn use_folder(folder: &Path, libraries: &[&str]) {
    let folder = folder.canonicalize().unwrap_or_else(|e| {
        panic!("MXSEL_LIBDIR: {}: {}", folder.display(), e)
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap());
    let (soname, plain) = if cfg!(target_os = "macos") {
        (".0.dylib", ".dylib")
    } else {
        (".so.0", ".so")
    };
    for library in libraries {
        let real = folder.join(format!("lib{}{}", library, soname));
        for ending in [soname, plain] {
            let link = out.join(format!("lib{}{}", library, ending));
            let _ = std::fs::remove_file(&link);
            symlink(&real, &link).unwrap();
        }
    }
    println!("cargo:rustc-link-search=native={}", out.display());
}

fn use_pkg_config(libraries: &[&str]) {
    let program = env::var("PKG_CONFIG").unwrap_or("pkg-config".to_string());
    let modules = libraries.iter().map(|library| format!("lib{}", library));
    let said = Command::new(&program)
        .arg("--libs-only-L")
        .args(modules)
        .output()
        .unwrap_or_else(|e| panic!("{}: {}", program, e));
    if !said.status.success() {
        panic!(
            "{} Is libmxsel installed? MXSEL_LIBDIR may name its folder.",
            String::from_utf8_lossy(&said.stderr)
        );
    }
    for word in String::from_utf8_lossy(&said.stdout).split_whitespace() {
        if let Some(folder) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={}", folder);
        }
    }
}
