//! Strings on their way from and to C.

use crate::Error;
use std::ffi::{CStr, CString};
use std::os::raw::c_char;

/// A copy; NULL is "".
///
/// # Safety
/// A string of the library that lives now, or NULL.
pub unsafe fn text(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    CStr::from_ptr(pointer).to_string_lossy().into_owned()
}

/// A name in the library's tables; NULL is "".
///
/// # Safety
/// A constant string of the library, or NULL.
pub unsafe fn constant(pointer: *const c_char) -> &'static str {
    if pointer.is_null() {
        return "";
    }
    CStr::from_ptr(pointer).to_str().unwrap_or("")
}

/// Text that must be a name or an address: a NUL makes it none.
pub fn c_text(text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::Syntax)
}

/// Octets of others, where a NUL is written as in a master file.
pub fn escaped(octets: &[u8]) -> CString {
    let mut kept = Vec::with_capacity(octets.len());
    for octet in octets {
        match octet {
            0 => kept.extend_from_slice(b"\\000"),
            other => kept.push(*other),
        }
    }
    CString::new(kept).unwrap_or_default()
}
