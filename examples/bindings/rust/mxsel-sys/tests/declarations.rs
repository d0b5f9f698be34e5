//! The declarations of this crate are those of the library, each and every
//! one: the C ones, which libmxsel installs, are translated here and held
//! against the source of the crate. Nothing can drift.

use std::collections::BTreeMap;

const C: [&str; 3] = [
    include_str!("../declarations/libmxsel.cdef"),
    include_str!("../declarations/libmxsel-ldns.cdef"),
    include_str!("../declarations/libmxsel-idn2.cdef"),
];
const RUST: [&str; 2] = [
    include_str!("../src/lib.rs"),
    include_str!("../src/constants.rs"),
];

/// What is declared: by name, without any white space.
type Declarations = BTreeMap<String, String>;

fn without_space(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Cut at every character that stands outside of brackets.
fn split_outside(text: &str, at: char) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (i, c) in text.char_indices() {
        match c {
            '(' | '{' | '<' => depth += 1,
            ')' | '}' => depth -= 1,
            '>' if !text[..i].ends_with('-') => depth -= 1,
            _ => {}
        }
        if c == at && depth == 0 {
            parts.push(text[start..i].trim());
            start = i + c.len_utf8();
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

// ------------------------------------------------------------- the C side

fn without_comments(text: &str) -> String {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = &rest[start..][rest[start..].find("*/").unwrap() + 2..];
    }
    kept + rest
}

fn base_type(name: &str) -> &str {
    match name {
        "char" => "c_char",
        "int" => "c_int",
        "void" => "c_void",
        "size_t" => "usize",
        "uint8_t" => "u8",
        "uint16_t" => "u16",
        "uint32_t" => "u32",
        "uint64_t" => "u64",
        "struct sockaddr" => "sockaddr",
        other => {
            let name = other.strip_prefix("struct ").unwrap_or(other);
            assert!(name.starts_with("mxsel"), "unknown type {}", other);
            name
        }
    }
}

/// "const char *const *" as "*const *const c_char".
fn rust_type(c: &str) -> String {
    let mut parts = c.split('*');
    let words: Vec<&str> = parts.next().unwrap().split_whitespace().collect();
    let mut is_const = words.contains(&"const");
    let base: Vec<&str> =
        words.into_iter().filter(|word| *word != "const").collect();
    let mut translated = base_type(&base.join(" ")).to_string();
    for qualifiers in parts {
        let pointer = if is_const { "*const " } else { "*mut " };
        translated = pointer.to_string() + &translated;
        is_const = qualifiers.contains("const");
    }
    translated
}

/// "const char *name" as its name and its type; an array is a pointer.
fn rust_parameter(c: &str) -> String {
    if let Some((result, rest)) = c.split_once("(*") {
        let (name, parameters) = rest.split_once(")(").unwrap();
        let parameters = parameters.strip_suffix(')').unwrap();
        return format!("{}: {}", name, rust_pointer(result, parameters));
    }
    let (c, star) = match c.split_once('[') {
        Some((before, _)) => (before, "*"),
        None => (c, ""),
    };
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let start = c.len() - c.chars().rev().take_while(|c| is_name(*c)).count();
    let of = c[..start].to_string() + star;
    format!("{}: {}", &c[start..], rust_type(&of))
}

fn rust_signature(result: &str, parameters: &str) -> String {
    let parameters: Vec<String> = split_outside(parameters, ',')
        .into_iter()
        .filter(|parameter| *parameter != "void")
        .map(rust_parameter)
        .collect();
    let result = match rust_type(result).as_str() {
        "c_void" => String::new(),
        other => format!("->{}", other),
    };
    format!("({}){}", parameters.join(","), result)
}

fn rust_pointer(result: &str, parameters: &str) -> String {
    let signature = rust_signature(result, parameters);
    format!("Option<unsafe extern \"C\" fn{}>", signature)
}

fn add_enum(all: &mut Declarations, body: &str) {
    for item in body.split(',').filter(|item| !item.trim().is_empty()) {
        let (name, value) = item.split_once('=').unwrap();
        let (name, value) = (name.trim(), value.trim());
        let declared = format!("pub const {}: c_int = {}", name, value);
        all.insert(name.to_string(), without_space(&declared));
    }
}

/// "char name[256]" as a field, with an array that is one.
fn rust_field(c: &str) -> String {
    let (declared, size) = match c.split_once('[') {
        Some((before, size)) => (before, size.strip_suffix(']')),
        None => (c, None),
    };
    let declared = rust_parameter(declared);
    let (name, of) = declared.split_once(": ").unwrap();
    match size {
        Some(size) => format!("pub {}: [{}; {}],", name, of, size),
        None => format!("pub {}: {},", name, of),
    }
}

fn add_struct(all: &mut Declarations, name: &str, body: &str) {
    let fields: Vec<String> = split_outside(body, ';')
        .into_iter()
        .map(rust_field)
        .collect();
    let declared = format!("pub struct {} {{{}}}", name, fields.join(""));
    all.insert(name.to_string(), without_space(&declared));
}

fn add_c(all: &mut Declarations, statement: &str) {
    let statement = statement.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(body) = statement.strip_prefix("enum {") {
        return add_enum(all, body.strip_suffix('}').unwrap());
    }
    let is_type = statement.strip_prefix("typedef ");
    let is_struct = is_type.unwrap_or(&statement).strip_prefix("struct ");
    if let Some((name, body)) = is_struct.and_then(|s| s.split_once(" {")) {
        return add_struct(all, name, body.strip_suffix('}').unwrap());
    }
    let (name, declared) = if let Some(names) = is_struct {
        let name = names.split(' ').next().unwrap();
        (name, format!("opaque!({})", name))
    } else if let Some(function) = is_type {
        let (result, rest) = function.split_once("(*").unwrap();
        let (name, parameters) = rest.split_once(")(").unwrap();
        let parameters = parameters.strip_suffix(')').unwrap();
        let pointer = rust_pointer(result, parameters);
        (name, format!("pub type {} = {}", name, pointer))
    } else {
        let (before, parameters) = statement.split_once('(').unwrap();
        let parameters = parameters.strip_suffix(')').unwrap();
        let start = before.rfind([' ', '*']).unwrap() + 1;
        let signature = rust_signature(&before[..start], parameters);
        let name = &before[start..];
        (name, format!("pub fn {}{}", name, signature))
    };
    all.insert(name.to_string(), without_space(&declared));
}

fn of_the_library() -> Declarations {
    let mut all = Declarations::new();
    for text in C {
        for statement in split_outside(&without_comments(text), ';') {
            add_c(&mut all, statement);
        }
    }
    all
}

// ---------------------------------------------------------- the Rust side

/// The name in the middle of a declaration, between two texts.
fn named<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = text.strip_prefix(before)?;
    rest.get(..rest.find(after)?)
}

fn of_this_crate() -> Declarations {
    let mut all = Declarations::new();
    for text in RUST {
        let code: Vec<&str> = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .filter(|line| !line.trim_start().starts_with("#["))
            .collect();
        // What ends with a line ends with ";\n", so an array's ";" ends none.
        let code = code.join("\n").replace("extern \"C\" {", "");
        let code = code.replace("\n}\n", "\n};\n") + "\n";
        for statement in code.split(";\n") {
            let statement = statement.trim_start_matches(['}', '\n', ' ']);
            let flat = without_space(statement).replace(",)", ")");
            let flat = flat.replace(",>", ">");
            let name = named(&flat, "opaque!(", ")")
                .or_else(|| named(&flat, "pubconst", ":"))
                .or_else(|| named(&flat, "pubtype", "="))
                .or_else(|| named(&flat, "pubstruct", "{"))
                .or_else(|| named(&flat, "pubfn", "("));
            if let Some(name) = name {
                all.insert(name.to_string(), flat.clone());
            }
        }
    }
    all
}

#[test]
fn every_declaration_is_that_of_the_library() {
    let wanted = of_the_library();
    let found = of_this_crate();
    let mut wrong = Vec::new();
    for (name, declared) in &wanted {
        match found.get(name) {
            Some(here) if here == declared => {}
            here => wrong.push(format!("{:?}, not {}", here, declared)),
        }
    }
    for name in found.keys().filter(|name| !wanted.contains_key(*name)) {
        wrong.push(format!("{} is not of the library", name));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_comparison_sees_functions_types_and_constants() {
    let wanted = of_the_library();
    let is = |name: &str, text: &str| {
        assert_eq!(wanted[name], without_space(text), "{}", name);
    };
    assert!(wanted.len() > 300);
    is(
        "mxsel_ldns_zone_new",
        "pub fn mxsel_ldns_zone_new(out: *mut *mut mxsel_resolver, \
         files: *const *const c_char, count: usize) -> c_int",
    );
    is("mxsel_free", "pub fn mxsel_free(m: *mut mxsel)");
    is("mxsel_engine", "opaque!(mxsel_engine)");
    is("MXSEL_ENOMEM", "pub const MXSEL_ENOMEM: c_int = -1");
    let entry = &wanted["mxsel_memory_entry"];
    assert!(entry.starts_with("pubstructmxsel_memory_entry{pubname:[c_char;"));
    assert!(entry.contains("pubscore:u32,"), "{}", entry);
}

#[test]
fn the_library_that_is_linked_answers() {
    unsafe {
        let version = std::ffi::CStr::from_ptr(mxsel_sys::mxsel_version());
        assert!(version.to_str().unwrap().starts_with("0."));
        assert!(mxsel_sys::mxsel_ldns_clock(std::ptr::null_mut()) > 0);
    }
}
