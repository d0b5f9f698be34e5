//! Errors of a call. The fate of the mail is never one: that is the verdict.

use crate::pointer;
use mxsel_sys as sys;
use std::fmt;
use std::io;
use std::os::raw::c_int;

/// What kept a call from doing its work; its text is the library's sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Error {
    /// No memory; the object stays usable.
    NoMemory,
    /// A call at the wrong moment.
    Usage,
    /// A number outside its range.
    Range,
    /// A name or address that is none.
    Syntax,
    /// More than a DNS message could carry.
    Limit,
    /// What was given does not belong to this.
    Mismatch,
    /// A message that breaks the wire format.
    Malformed,
    /// A buffer that is too small.
    Space,
    /// The system gave no random numbers.
    Entropy,
    /// A system call failed.
    System,
    /// A file is missing, cannot be written or does not parse.
    File,
    /// The same, and the system's number of what is wrong with it:
    /// [`Error::kind`].
    Io(i32),
    /// The object was freed meanwhile.
    Canceled,
    /// A number that this crate does not know.
    Other(i32),
}

const NUMBERS: [(Error, c_int); 12] = [
    (Error::NoMemory, sys::MXSEL_ENOMEM),
    (Error::Usage, sys::MXSEL_EUSAGE),
    (Error::Range, sys::MXSEL_ERANGE),
    (Error::Syntax, sys::MXSEL_ESYNTAX),
    (Error::Limit, sys::MXSEL_ELIMIT),
    (Error::Mismatch, sys::MXSEL_EMISMATCH),
    (Error::Malformed, sys::MXSEL_EMALFORMED),
    (Error::Space, sys::MXSEL_ESPACE),
    (Error::Entropy, sys::MXSEL_EENTROPY),
    (Error::System, sys::MXSEL_ESYSTEM),
    (Error::File, sys::MXSEL_EFILE),
    (Error::Canceled, sys::MXSEL_ECANCELED),
];

impl Error {
    /// The library's number: always negative, the same for ever.
    pub fn number(self) -> i32 {
        match self {
            Error::Other(number) => return number,
            Error::Io(_) => return Error::File.number(),
            _ => {}
        }
        NUMBERS
            .iter()
            .find(|(e, _)| *e == self)
            .map_or(0, |(_, n)| *n)
    }

    /// What is wrong with a file, as far as the system said so.
    pub fn kind(self) -> Option<io::ErrorKind> {
        match self {
            Error::Io(errno) => {
                Some(io::Error::from_raw_os_error(errno).kind())
            }
            _ => None,
        }
    }

    pub(crate) fn from_number(number: c_int) -> Error {
        let found = NUMBERS.iter().find(|(_, n)| *n == number);
        found.map_or(Error::Other(number), |(e, _)| *e)
    }
}

/// A result of the library: negative numbers are errors.
pub(crate) fn check(result: c_int) -> Result<c_int, Error> {
    if result < 0 {
        Err(Error::from_number(result))
    } else {
        Ok(result)
    }
}

/// The same for a call that says in errno what is wrong with a file.
pub(crate) fn check_file(result: c_int) -> Result<(), Error> {
    let why = io::Error::last_os_error().raw_os_error();
    match check(result) {
        Err(Error::File) => Err(why.map_or(Error::File, Error::Io)),
        other => other.map(|_| ()),
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // SAFETY: constant strings, for every number.
        let sentence =
            unsafe { pointer::constant(sys::mxsel_strerror(self.number())) };
        f.write_str(sentence)?;
        match self {
            Error::Io(errno) => {
                write!(f, ": {}", io::Error::from_raw_os_error(*errno))
            }
            _ => Ok(()),
        }
    }
}

impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        match error {
            Error::Io(errno) => io::Error::from_raw_os_error(errno),
            other => io::Error::new(io::ErrorKind::Other, other),
        }
    }
}

impl std::error::Error for Error {}
