//! How mail hosts behaved, for all options that share it.

use crate::error::{check, check_file};
use crate::options::{c_path, made};
use crate::pointer::{c_text, text};
use crate::settings::{MemorySetting, MemoryStatistic};
use crate::{Error, Outcome};
use mxsel_sys as sys;
use std::ffi::CString;
use std::fmt;
use std::net::IpAddr;
use std::os::raw::{c_char, c_int};
use std::path::Path;
use std::ptr::{null, null_mut, NonNull};
use std::time::Duration;

/// Puts hosts that failed behind their equals, for any number of options and
/// threads: [`Builder::memory`](crate::Builder::memory).
pub struct Memory(pub(crate) NonNull<sys::mxsel_memory>);

// SAFETY: <mxsel/memory.h>: any number of threads at a time.
unsafe impl Send for Memory {}
unsafe impl Sync for Memory {}

/// What is known of one host or address. Its text is the library's line.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// A host name, or an address.
    pub name: String,
    /// It is a host.
    pub is_host: bool,
    /// The TCP port.
    pub port: u16,
    /// Of failures, 0 to 4, now.
    pub score: f64,
    /// Since the last outcome.
    pub age: Duration,
    /// Of the last attempts, the newest first.
    pub outcomes: Vec<Outcome>,
    /// Of the newest reply; 0: none.
    pub code: u16,
    /// The family of a host that worked last: 4, 6; 0: none.
    pub works: u8,
    /// The family that goes first once: 4, 6; 0: none.
    pub turn: u8,
    /// Families that were rejected.
    pub doubt: Vec<u8>,
    /// The address that said to come again.
    pub again: Option<IpAddr>,
    line: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line)
    }
}

/// Room for one.
fn nothing() -> sys::mxsel_memory_entry {
    // SAFETY: integers and arrays of them.
    unsafe { std::mem::zeroed() }
}

fn line_of(entry: &sys::mxsel_memory_entry) -> String {
    let mut room = [0 as c_char; sys::MXSEL_MEMORY_TEXT_SIZE as usize];
    // SAFETY: as much room as is said, in which a string begins in any case.
    unsafe {
        sys::mxsel_memory_format(entry, room.as_mut_ptr(), room.len());
        text(room.as_ptr())
    }
}

fn value_of(entry: &sys::mxsel_memory_entry) -> Entry {
    let numbers = entry.outcomes.iter().filter(|number| **number != 0);
    let families = [(4, 1), (6, 2)];
    // SAFETY: the library ends both with a NUL.
    let (name, again) =
        unsafe { (text(entry.name.as_ptr()), text(entry.again.as_ptr())) };
    Entry {
        name,
        is_host: entry.kind == sys::MXSEL_MEMORY_HOST,
        port: entry.port as u16,
        score: f64::from(entry.score) / 1000.0,
        age: Duration::from_millis(entry.age.into()),
        outcomes: numbers
            .map(|number| Outcome::from_number((*number).into()))
            .collect(),
        code: entry.code as u16,
        works: entry.works as u8,
        turn: entry.turn as u8,
        doubt: families
            .iter()
            .filter(|(_, bit)| entry.doubt & bit != 0)
            .map(|(family, _)| *family)
            .collect(),
        again: again.parse().ok(),
        line: line_of(entry),
    }
}

/// NULL for nothing.
fn pointer(text: &Option<CString>) -> *const c_char {
    text.as_ref().map_or(null(), |text| text.as_ptr())
}

impl Memory {
    /// A memory that never takes more than so many bytes, 65536 or more. Its
    /// clock is the time of day: a file has the right age in any process.
    pub fn new(bytes: usize) -> Result<Memory, Error> {
        // SAFETY: the clock needs nothing and may be called by any thread.
        let new = |out| unsafe {
            let clock = Some(sys::mxsel_ldns_time_of_day as _);
            sys::mxsel_memory_new(out, bytes, clock, null_mut())
        };
        Ok(Memory(made(new)?))
    }

    fn raw(&self) -> *mut sys::mxsel_memory {
        self.0.as_ptr()
    }

    /// Change a setting, at any time.
    pub fn set(&self, setting: MemorySetting, value: i32) -> Result<(), Error> {
        // SAFETY: a memory of ours; so below.
        check(unsafe {
            sys::mxsel_memory_set(self.raw(), setting.number(), value)
        })?;
        Ok(())
    }

    /// How often something happened, or how much there is.
    pub fn statistic(&self, which: MemoryStatistic) -> u64 {
        unsafe { sys::mxsel_memory_statistic(self.raw(), which.number()) }
    }

    /// Tell of an attempt that no selection made: a host, an address, or both;
    /// code and reply as for [`Selection::report_reply`]; 0 and "" else.
    ///
    /// [`Selection::report_reply`]: crate::Selection::report_reply
    pub fn report(
        &self,
        host: Option<&str>,
        address: Option<IpAddr>,
        port: u16,
        outcome: Outcome,
        reply: (u16, &str),
    ) -> Result<(), Error> {
        let host = host.map(c_text).transpose()?;
        let address = address.map(|ip| c_text(&ip.to_string())).transpose()?;
        let (code, said) = (c_int::from(reply.0), c_text(reply.1)?);
        // SAFETY: strings that outlive the call.
        check(unsafe {
            sys::mxsel_memory_report(
                self.raw(),
                pointer(&host),
                pointer(&address),
                port.into(),
                outcome.number(),
                code,
                said.as_ptr(),
            )
        })?;
        Ok(())
    }

    /// What is known of one host or address.
    pub fn get(&self, name: &str, port: u16) -> Result<Option<Entry>, Error> {
        let (name, mut entry) = (c_text(name)?, nothing());
        let known = check(unsafe {
            let name = name.as_ptr();
            sys::mxsel_memory_get(self.raw(), name, port.into(), &mut entry)
        })?;
        Ok(Some(&entry).filter(|_| known > 0).map(value_of))
    }

    /// All that is known, in no order.
    pub fn entries(&self) -> Entries<'_> {
        Entries {
            memory: self,
            place: 0,
        }
    }

    /// Forget one host or address at every port.
    pub fn forget(&self, name: &str) -> Result<(), Error> {
        let name = c_text(name)?;
        check(unsafe { sys::mxsel_memory_forget(self.raw(), name.as_ptr()) })?;
        Ok(())
    }

    /// Forget everything.
    pub fn forget_all(&self) -> Result<(), Error> {
        check(unsafe { sys::mxsel_memory_forget(self.raw(), null()) })?;
        Ok(())
    }

    /// Write all that is known to a text file; the old one stays until the new
    /// one is whole.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = c_path(path.as_ref())?;
        check_file(unsafe { sys::mxsel_memory_save(self.raw(), path.as_ptr()) })
    }

    /// Know what such a file says, besides what is known.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = c_path(path.as_ref())?;
        check_file(unsafe { sys::mxsel_memory_load(self.raw(), path.as_ptr()) })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_memory_free(self.raw()) }
    }
}

/// An iterator of [`Memory::entries`].
pub struct Entries<'a> {
    memory: &'a Memory,
    place: u64,
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let mut entry = nothing();
        // SAFETY: a memory that is borrowed, a number and room of ours.
        let more = unsafe {
            let memory = self.memory.raw();
            sys::mxsel_memory_next(memory, &mut self.place, &mut entry)
        };
        Some(&entry).filter(|_| more > 0).map(value_of)
    }
}
