//! A resolver written in Rust. The library never calls it: the selection
//! takes its questions, and hands the answers in.

use crate::error::check;
use crate::pointer::{constant, escaped};
use crate::{End, Error, RecordType, Security};
use mxsel_sys as sys;
use std::net::IpAddr;
use std::time::Instant;

/// Who answers questions. May be asked by several threads when options are
/// shared.
pub trait Resolver: Send + Sync {
    /// Answer one question, whatever time it takes.
    fn resolve(&self, question: &Question<'_>) -> Answer;
}

impl<F: Fn(&Question<'_>) -> Answer + Send + Sync> Resolver for F {
    fn resolve(&self, question: &Question<'_>) -> Answer {
        self(question)
    }
}

/// One DNS question; its class is IN.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    name: &'a str,
    kind: RecordType,
}

impl Question<'_> {
    /// The name to ask for: absolute, lower case, without the final dot.
    pub fn name(&self) -> &str {
        self.name
    }

    /// The type of the records.
    pub fn record_type(&self) -> RecordType {
        self.kind
    }
}

#[derive(Clone, Debug)]
enum Record {
    Alias(Vec<u8>),
    Mx(u16, Vec<u8>),
    Address(IpAddr),
    Tlsa(u8, u8, u8, Vec<u8>),
}

/// What a resolver says: the records, and how the question ended.
#[derive(Clone, Debug)]
#[must_use]
pub struct Answer {
    records: Vec<(Record, u32)>,
    negative_ttl: Option<u32>,
    end: End,
    security: Security,
}

impl Answer {
    /// All there is; with nothing added, there is nothing.
    pub fn complete() -> Answer {
        Answer::ended(End::Complete)
    }

    /// The name is not there.
    pub fn no_such_name() -> Answer {
        Answer::ended(End::Nxdomain)
    }

    /// Any end.
    pub fn ended(end: End) -> Answer {
        let security = Security::Indeterminate;
        Answer {
            records: Vec::new(),
            negative_ttl: None,
            end,
            security,
        }
    }

    fn with(mut self, record: Record, ttl: u32) -> Answer {
        self.records.push((record, ttl));
        self
    }

    /// An MX record; the exchange as in a master file.
    pub fn mx(
        self,
        preference: u16,
        exchange: impl Into<Vec<u8>>,
        ttl: u32,
    ) -> Answer {
        self.with(Record::Mx(preference, exchange.into()), ttl)
    }

    /// An address, of the family that was asked for.
    pub fn address(self, address: impl Into<IpAddr>, ttl: u32) -> Answer {
        self.with(Record::Address(address.into()), ttl)
    }

    /// A TLSA record: usage, selector, matching type, data.
    pub fn tlsa(
        self,
        (usage, selector, matching): (u8, u8, u8),
        data: impl Into<Vec<u8>>,
        ttl: u32,
    ) -> Answer {
        self.with(Record::Tlsa(usage, selector, matching, data.into()), ttl)
    }

    /// The name is an alias; what else is added is its target's. With nothing
    /// else the target is asked next.
    pub fn alias(self, target: impl Into<Vec<u8>>, ttl: u32) -> Answer {
        self.with(Record::Alias(target.into()), ttl)
    }

    /// How long "nothing there" may be kept: min(SOA TTL, SOA MINIMUM).
    pub fn negative_ttl(mut self, ttl: u32) -> Answer {
        self.negative_ttl = Some(ttl);
        self
    }

    /// What DNSSEC says of it.
    pub fn security(mut self, security: Security) -> Answer {
        self.security = security;
        self
    }
}

/// A question that was taken. Whatever happens, a panic of the resolver too,
/// it ends: the selection would wait for it for ever.
struct Taken(*mut sys::mxsel_query);

impl Drop for Taken {
    fn drop(&mut self) {
        let network = sys::MXSEL_DNS_NETWORK;
        // SAFETY: not answered yet, so it lives.
        unsafe { sys::mxsel_answer_finish(self.0, network, 0) };
    }
}

impl Taken {
    fn finish(self, answer: &Answer) -> Result<(), Error> {
        let (end, security) = (answer.end.number(), answer.security.number());
        // SAFETY: not answered yet; once it is, it is not looked at again.
        check(unsafe { sys::mxsel_answer_finish(self.0, end, security) })?;
        std::mem::forget(self);
        Ok(())
    }
}

/// # Safety
/// A question that is open.
unsafe fn add(
    q: *mut sys::mxsel_query,
    record: &Record,
    ttl: u32,
) -> Result<(), Error> {
    let result = check(match record {
        Record::Alias(target) => {
            sys::mxsel_answer_alias(q, escaped(target).as_ptr(), ttl)
        }
        Record::Mx(preference, exchange) => {
            let exchange = escaped(exchange);
            sys::mxsel_answer_mx(q, *preference, exchange.as_ptr(), ttl)
        }
        Record::Address(IpAddr::V4(address)) => {
            sys::mxsel_answer_address(q, address.octets().as_ptr(), 4, ttl)
        }
        Record::Address(IpAddr::V6(address)) => {
            sys::mxsel_answer_address(q, address.octets().as_ptr(), 16, ttl)
        }
        Record::Tlsa(usage, selector, matching, data) => {
            sys::mxsel_answer_tlsa(
                q,
                (*usage).into(),
                (*selector).into(),
                (*matching).into(),
                data.as_ptr(),
                data.len(),
                ttl,
            )
        }
    });
    match result {
        // The answer ends as a failure, whatever finishes it.
        Ok(_) | Err(Error::Limit) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Answer all questions of a selection that are open.
///
/// # Safety
/// A selection that lives, and that nobody else uses meanwhile.
pub(crate) unsafe fn answer_all(
    m: *mut sys::mxsel,
    resolver: &dyn Resolver,
) -> Result<(), Error> {
    let mut asked = false;
    loop {
        let q = sys::mxsel_query_take(m);
        if q.is_null() {
            break;
        }
        asked = true;
        let began = Instant::now();
        let result = answer_one(Taken(q), resolver);
        let spent = began.elapsed().as_millis();
        let spent = u32::try_from(spent).unwrap_or(u32::MAX);
        check(sys::mxsel_time_spent(m, spent))?;
        result?;
    }
    // Nobody could ever answer what is open now.
    if asked {
        Ok(())
    } else {
        Err(Error::Usage)
    }
}

/// # Safety
/// As [`answer_all`].
unsafe fn answer_one(
    taken: Taken,
    resolver: &dyn Resolver,
) -> Result<(), Error> {
    let question = Question {
        // A name of this question, which lives until it is finished.
        name: constant(sys::mxsel_query_name(taken.0)),
        kind: RecordType::from_number(sys::mxsel_query_type(taken.0).into()),
    };
    let answer = resolver.resolve(&question);
    for (record, ttl) in &answer.records {
        add(taken.0, record, *ttl)?;
    }
    if let Some(ttl) = answer.negative_ttl {
        check(sys::mxsel_answer_negative_ttl(taken.0, ttl))?;
    }
    taken.finish(&answer)
}
