//! One destination: its attempts, its verdict, and why.

use crate::attempt::{Attempt, Event, Rejected, TlsResult, Tlsa, Verdict};
use crate::error::check;
use crate::options::{made, Answerer, Options, Sts};
use crate::pointer::{escaped, text};
use crate::resolver::answer_all;
use crate::{
    Action, Dane, Error, Flags, Outcome, Posture, PostureReason, Reason,
    Reject, Source, TlsWish, TlsrptPolicy, TlsrptResult, Trace,
};
use mxsel_sys as sys;
use std::fmt;
use std::os::raw::{c_char, c_int};
use std::ptr::{null, NonNull};

/// One destination: an iterator over its attempts.
///
/// Attempts are values that borrow nothing, so `while let` leaves the
/// selection free for reports:
///
/// ```
/// # let zone = mxsel::Zone::from_text("example.org. 9 IN SOA a b 1 2 3 4 5\n\
/// # example.org. 9 IN MX 0 mx.example.org.\n\
/// # mx.example.org. 9 IN A 192.0.2.1\n")?;
/// # let options = mxsel::Options::builder().zone(&zone).build()?;
/// let mut selection = mxsel::Selection::new("example.org", &options)?;
/// while let Some(attempt) = selection.next() {
///     println!("{}", attempt?);
///     selection.report(mxsel::Outcome::Refused)?;
/// }
/// assert_eq!(selection.verdict().code, 451);
/// # Ok::<(), mxsel::Error>(())
/// ```
///
/// An attempt that is not reported counts as a temporary failure, so `for`
/// does where nothing is delivered: to print a plan, say.
///
/// A selection belongs to one thread at a time. It can be sent to another,
///
/// ```
/// fn send<T: Send>() {}
/// send::<mxsel::Selection>();
/// ```
///
/// and not be shared:
///
/// ```compile_fail,E0277
/// fn share<T: Sync>() {}
/// share::<mxsel::Selection>();
/// ```
pub struct Selection {
    raw: NonNull<sys::mxsel>,
    options: Options,
    leave: bool,
}

// SAFETY: it has no thread of its own, and the memory of options that this
// crate makes comes from malloc(). One that an engine answers is never handed
// out, see engine.rs.
unsafe impl Send for Selection {}

impl Drop for Selection {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_free(self.raw.as_ptr()) }
    }
}

impl Selection {
    /// Begin: a domain, a mailbox, an address literal or a next hop.
    ///
    /// The options must have somebody who answers, else `Error::Usage`.
    pub fn new(
        destination: impl AsRef<[u8]>,
        options: &Options,
    ) -> Result<Selection, Error> {
        match options.answerer() {
            Answerer::Engine => Err(Error::Usage),
            _ => Selection::begin(destination.as_ref(), options),
        }
    }

    pub(crate) fn begin(
        destination: &[u8],
        options: &Options,
    ) -> Result<Selection, Error> {
        let (start, length) = (destination.as_ptr(), destination.len());
        // SAFETY: as many octets as are said; the options outlive the call,
        // and the library keeps them.
        Selection::made(options, |out| unsafe {
            sys::mxsel_new_bytes(out, start.cast(), length, options.raw())
        })
    }

    fn made(
        options: &Options,
        new: impl FnOnce(*mut *mut sys::mxsel) -> c_int,
    ) -> Result<Selection, Error> {
        let raw = made(new)?;
        Ok(Selection {
            raw,
            options: options.clone(),
            leave: false,
        })
    }

    /// Go on with what [`save`](Selection::save) wrote.
    pub fn resume(bytes: &[u8], options: &Options) -> Result<Selection, Error> {
        match options.answerer() {
            Answerer::Engine => Err(Error::Usage),
            _ => Selection::go_on(bytes, options),
        }
    }

    pub(crate) fn go_on(
        bytes: &[u8],
        options: &Options,
    ) -> Result<Selection, Error> {
        // SAFETY: as Selection::begin().
        Selection::made(options, |out| unsafe {
            let (start, length) = (bytes.as_ptr(), bytes.len());
            sys::mxsel_resume(out, start, length, options.raw())
        })
    }

    /// Begin again with another destination, and the same memory.
    pub fn reset(
        &mut self,
        destination: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        let name = destination.as_ref();
        // SAFETY: both outlive the call; the length is that of the octets.
        check(unsafe {
            let start = name.as_ptr().cast::<c_char>();
            sys::mxsel_reset_bytes(self.raw(), start, name.len())
        })?;
        self.leave = false;
        Ok(())
    }

    pub(crate) fn raw(&self) -> *mut sys::mxsel {
        self.raw.as_ptr()
    }

    /// With the next step, leave the other addresses of the host reached.
    pub fn leave_host(&mut self) {
        self.leave = true;
    }

    /// The step that leaves the host, when it is to be left.
    pub(crate) fn left_host(&mut self) -> Option<c_int> {
        let leave = std::mem::take(&mut self.leave);
        // SAFETY: a selection of ours; so wherever nothing else is said.
        leave.then(|| unsafe { sys::mxsel_next_host(self.raw()) })
    }

    /// What a step came to.
    pub(crate) fn reached(&self, r: c_int) -> Option<Result<Attempt, Error>> {
        match r {
            sys::MXSEL_END => None,
            sys::MXSEL_ATTEMPT => self.attempt().map(Ok),
            error => Some(Err(Error::from_number(error))),
        }
    }

    fn advance(&mut self) -> Result<c_int, Error> {
        let mut r = match self.left_host() {
            Some(r) => r,
            None => unsafe { sys::mxsel_next(self.raw()) },
        };
        while r == sys::MXSEL_LOOKUP {
            match self.options.answerer() {
                Answerer::Rust(resolver) => unsafe {
                    answer_all(self.raw(), resolver.as_ref())?
                },
                _ => return Err(Error::Usage),
            }
            r = unsafe { sys::mxsel_next(self.raw()) };
        }
        Ok(r)
    }

    /// The attempt reached: after a resume, the one that was.
    pub fn attempt(&self) -> Option<Attempt> {
        let m = self.raw();
        unsafe {
            let host = sys::mxsel_host_name(m);
            if host.is_null() {
                return None;
            }
            Some(Attempt {
                host: text(host),
                canonical: text(sys::mxsel_host_canonical(m)),
                preference: sys::mxsel_host_preference(m) as u16,
                rank: sys::mxsel_host_rank(m) as usize,
                source: Source::from_number(sys::mxsel_host_source(m)),
                incomplete: sys::mxsel_host_is_incomplete(m) == 1,
                address: text(sys::mxsel_address(m)),
                secure: sys::mxsel_address_is_secure(m) == 1,
                port: sys::mxsel_port(m) as u16,
                posture: Posture::from_number(sys::mxsel_posture(m)),
                posture_reason: PostureReason::from_number(
                    sys::mxsel_posture_reason(m),
                ),
                tls_name: text(sys::mxsel_tls_name(m)),
                tls_identities: (0..sys::mxsel_tls_identity_count(m))
                    .map(|i| text(sys::mxsel_tls_identity(m, i)))
                    .collect(),
                dane: Dane::from_number(sys::mxsel_dane(m)),
                tlsa: (0..sys::mxsel_tlsa_count(m))
                    .filter_map(|i| self.tlsa(i))
                    .collect(),
            })
        }
    }

    fn tlsa(&self, index: usize) -> Option<Tlsa> {
        let (mut usage, mut selector, mut matching) = (0, 0, 0);
        let (mut data, mut length) = (null(), 0);
        // SAFETY: room for each; the data lives until the selection goes on.
        unsafe {
            check(sys::mxsel_tlsa(
                self.raw(),
                index,
                &mut usage,
                &mut selector,
                &mut matching,
                &mut data,
                &mut length,
            ))
            .ok()?;
            let data = match length {
                0 => Vec::new(),
                _ => std::slice::from_raw_parts(data, length).to_vec(),
            };
            Some(Tlsa {
                usage: usage as u8,
                selector: selector as u8,
                matching: matching as u8,
                data,
            })
        }
    }

    /// What became of the attempt reached; once, before the next step.
    pub fn report(&mut self, outcome: Outcome) -> Result<(), Error> {
        self.report_raw(outcome, 0, null())
    }

    /// The same with what the host replied: "5.1.1 No such user".
    pub fn report_reply(
        &mut self,
        outcome: Outcome,
        code: u16,
        reply: impl AsRef<[u8]>,
    ) -> Result<(), Error> {
        let reply = escaped(reply.as_ref());
        self.report_raw(outcome, code.into(), reply.as_ptr())
    }

    fn report_raw(
        &mut self,
        outcome: Outcome,
        code: c_int,
        reply: *const c_char,
    ) -> Result<(), Error> {
        let outcome = outcome.number();
        check(unsafe { sys::mxsel_report(self.raw(), outcome, code, reply) })?;
        Ok(())
    }

    /// What TLS came to at the attempt reached; for TLS reports.
    pub fn report_tls(&mut self, result: TlsrptResult) -> Result<(), Error> {
        let result = result.number();
        check(unsafe { sys::mxsel_report_tls(self.raw(), result) })?;
        Ok(())
    }

    /// What the message asks of TLS; before the first step.
    pub fn set_tls(&mut self, wish: TlsWish) -> Result<(), Error> {
        check(unsafe { sys::mxsel_set_tls(self.raw(), wish.number()) })?;
        Ok(())
    }

    /// Let an MTA-STS policy rule, or none; before the first step.
    pub fn set_sts(
        &mut self,
        policy: Option<&Sts>,
        now: u64,
    ) -> Result<(), Error> {
        let policy = policy.map_or(null(), |p| p.0.as_ptr() as *const _);
        // SAFETY: the library keeps the policy.
        check(unsafe { sys::mxsel_set_sts(self.raw(), policy, now) })?;
        Ok(())
    }

    /// Back to before the first attempt; reports are forgotten.
    pub fn rewind(&mut self) -> Result<(), Error> {
        self.leave = false;
        check(unsafe { sys::mxsel_rewind(self.raw()) })?;
        Ok(())
    }

    /// The seed, to get the same order again.
    pub fn seed(&mut self) -> Result<u64, Error> {
        let mut seed = 0;
        check(unsafe { sys::mxsel_seed(self.raw(), &mut seed) })?;
        Ok(seed)
    }

    /// What to do with the mail, as far as is known now.
    pub fn verdict(&self) -> Verdict {
        let m = self.raw();
        unsafe {
            Verdict {
                action: Action::from_number(sys::mxsel_verdict_action(m)),
                reason: Reason::from_number(sys::mxsel_verdict_reason(m)),
                code: sys::mxsel_verdict_code(m) as u16,
                status: text(sys::mxsel_verdict_status(m)),
                text: text(sys::mxsel_verdict_text(m)),
                reply: text(sys::mxsel_verdict_reply(m)),
                host: text(sys::mxsel_verdict_host(m)),
            }
        }
    }

    /// What was dropped, in the order it was judged.
    pub fn rejected(&self) -> Vec<Rejected> {
        let m = self.raw();
        let entry = |index| unsafe {
            let (mut reason, mut preference) = (0, 0);
            let mut subject = null();
            sys::mxsel_rejected(
                m,
                index,
                &mut reason,
                &mut preference,
                &mut subject,
            );
            let reason = Reject::from_number(reason);
            Rejected {
                reason,
                preference,
                subject: text(subject),
            }
        };
        (0..unsafe { sys::mxsel_rejected_count(m) })
            .map(entry)
            .collect()
    }

    /// Every decision, with `Setting::Trace`.
    pub fn trace(&self) -> Vec<Event> {
        let m = self.raw();
        let entry = |index| unsafe {
            let mut code = 0;
            let (mut subject, mut detail) = (null(), null());
            let mut rule = null();
            sys::mxsel_trace_event(
                m,
                index,
                &mut code,
                &mut subject,
                &mut detail,
                &mut rule,
            );
            Event {
                event: Trace::from_number(code),
                subject: text(subject),
                detail: text(detail),
                rule: text(rule),
            }
        };
        (0..unsafe { sys::mxsel_trace_count(m) })
            .map(entry)
            .collect()
    }

    /// What TLS reports are made of.
    pub fn tls_results(&self) -> Vec<TlsResult> {
        let m = self.raw();
        let entry = |index| unsafe {
            let (mut host, mut address) = (null(), null());
            let (mut policy, mut result) = (0, 0);
            sys::mxsel_tlsrpt(
                m,
                index,
                &mut host,
                &mut address,
                &mut policy,
                &mut result,
            );
            TlsResult {
                host: text(host),
                address: text(address),
                policy: TlsrptPolicy::from_number(policy),
                result: TlsrptResult::from_number(result),
            }
        };
        (0..unsafe { sys::mxsel_tlsrpt_count(m) })
            .map(entry)
            .collect()
    }

    /// The selection as octets, to go on with it after a restart.
    pub fn save(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = vec![0; 1024];
        loop {
            let mut size = bytes.len();
            let start = bytes.as_mut_ptr();
            // SAFETY: as much room as is said.
            let r = unsafe { sys::mxsel_save(self.raw(), start, &mut size) };
            bytes.resize(size, 0);
            if r != sys::MXSEL_ESPACE {
                check(r)?;
                return Ok(bytes);
            }
        }
    }

    /// The domain asked about, before aliases; "" for a literal.
    pub fn original_domain(&self) -> String {
        unsafe { text(sys::mxsel_original_domain(self.raw())) }
    }

    /// The domain after the aliases met so far; "" for a literal.
    pub fn domain(&self) -> String {
        unsafe { text(sys::mxsel_domain(self.raw())) }
    }

    /// Where the hosts come from.
    pub fn source(&self) -> Source {
        Source::from_number(unsafe { sys::mxsel_source(self.raw()) })
    }

    /// The answer that named the hosts was DNSSEC-secure.
    pub fn is_secure(&self) -> bool {
        unsafe { sys::mxsel_is_secure(self.raw()) == 1 }
    }

    /// What was unusual.
    pub fn flags(&self) -> Flags {
        Flags(unsafe { sys::mxsel_flags(self.raw()) })
    }

    /// Seconds for which everything used so far may be kept.
    pub fn ttl(&self) -> u32 {
        unsafe { sys::mxsel_ttl(self.raw()) }
    }

    /// How many questions were asked so far.
    pub fn query_count(&self) -> usize {
        unsafe { sys::mxsel_query_count(self.raw()) }
    }
}

impl Iterator for Selection {
    type Item = Result<Attempt, Error>;

    /// The next attempt; waits for answers. `None` at the end, when the
    /// verdict is there. After an error it may be called again.
    fn next(&mut self) -> Option<Result<Attempt, Error>> {
        match self.advance() {
            Ok(r) => self.reached(r),
            Err(error) => Some(Err(error)),
        }
    }
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let destination = unsafe { text(sys::mxsel_destination(self.raw())) };
        f.debug_tuple("Selection").field(&destination).finish()
    }
}
