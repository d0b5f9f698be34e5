//! What a selection hands out: values that stay what they were when it goes
//! on.

use crate::pointer::text;
use crate::{
    Action, Dane, Posture, PostureReason, Reason, Reject, Source, TlsrptPolicy,
    TlsrptResult, Trace,
};
use mxsel_sys as sys;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// One address to try, with all that a connection needs. It stays what it
/// was when the selection goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// The host's name as published; of an address literal the address.
    pub host: String,
    /// The name that has the addresses, after aliases.
    pub canonical: String,
    /// The preference of its MX record; 0 without one.
    pub preference: u16,
    /// The host's place in the order of the plan, from 0.
    pub rank: usize,
    /// Where the host comes from.
    pub source: Source,
    /// One of the host's families failed for now.
    pub incomplete: bool,
    /// The address (RFC 5952); "" for an .onion attempt.
    pub address: String,
    /// The address came in a DNSSEC-secure answer.
    pub secure: bool,
    /// The TCP port.
    pub port: u16,
    /// What TLS must be.
    pub posture: Posture,
    /// Why it must be so.
    pub posture_reason: PostureReason,
    /// The name for TLS server name indication.
    pub tls_name: String,
    /// The certificate must be for one of these names.
    pub tls_identities: Vec<String>,
    /// What DANE came to for the host.
    pub dane: Dane,
    /// Usable TLSA records, for [`Posture::Dane`].
    pub tlsa: Vec<Tlsa>,
}

/// A TLSA record (RFC 6698, 2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tlsa {
    /// 2 (DANE-TA) or 3 (DANE-EE).
    pub usage: u8,
    /// 0 (certificate) or 1 (public key).
    pub selector: u8,
    /// 0 (itself), 1 (SHA-256), 2 (SHA-512).
    pub matching: u8,
    /// The certificate association data.
    pub data: Vec<u8>,
}

impl Attempt {
    /// The address, for `std::net`; `None` for an .onion attempt.
    pub fn ip(&self) -> Option<IpAddr> {
        self.address.parse().ok()
    }

    /// What `TcpStream::connect` takes; `None` for an .onion attempt.
    pub fn socket_address(&self) -> Option<SocketAddr> {
        Some(SocketAddr::new(self.ip()?, self.port))
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (preference, host) = (self.preference, &self.host);
        let (address, port) = (&self.address, self.port);
        write!(f, "{} {} [{}]:{}", preference, host, address, port)
    }
}

/// What to do with the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// Try, delivered, defer or bounce.
    pub action: Action,
    /// Why.
    pub reason: Reason,
    /// The SMTP reply code; 0 while there is more to try.
    pub code: u16,
    /// The enhanced status (RFC 3463), "5.1.10".
    pub status: String,
    /// One sentence for log and bounce.
    pub text: String,
    /// The reply of the host that decided, without its code.
    pub reply: String,
    /// The host whose outcome decided.
    pub host: String,
}

/// A host or an address that is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rejected {
    /// Why.
    pub reason: Reject,
    /// The preference of its MX record.
    pub preference: i32,
    /// Its name or address.
    pub subject: String,
}

impl Rejected {
    /// The clause it comes from: "RFC 5321 5.1".
    pub fn rule(&self) -> String {
        // SAFETY: a constant string or NULL.
        unsafe { text(sys::mxsel_reject_rule(self.reason.number())) }
    }
}

/// A decision: `Setting::Trace` keeps them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// What happened.
    pub event: Trace,
    /// The name or address it is about.
    pub subject: String,
    /// What was found or decided.
    pub detail: String,
    /// The clause it comes from.
    pub rule: String,
}

/// A line of a TLS report (RFC 8460).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsResult {
    /// The host's name.
    pub host: String,
    /// The address of the attempt; "" when none was made.
    pub address: String,
    /// The policy that ruled.
    pub policy: TlsrptPolicy,
    /// What TLS came to.
    pub result: TlsrptResult,
}
