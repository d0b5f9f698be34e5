//! What selections are made with: resolvers of libmxsel-ldns, the cache,
//! MTA-STS policies, and options.

use crate::error::check;
use crate::memory::Memory;
use crate::pointer::{c_text, text};
use crate::resolver::Resolver;
use crate::settings::{CacheSetting, CacheStatistic, Setting, Statistic};
use crate::{Error, Family, InsecureMx, Shuffle, StsMode};
use mxsel_sys as sys;
use std::ffi::CString;
use std::os::raw::{c_char, c_int};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::{null, null_mut, NonNull};
use std::sync::Arc;
use std::time::Duration;

/// What a function of the library made.
pub(crate) fn made<T>(
    new: impl FnOnce(*mut *mut T) -> c_int,
) -> Result<NonNull<T>, Error> {
    let mut out = null_mut();
    check(new(&mut out))?;
    NonNull::new(out).ok_or(Error::Usage)
}

pub(crate) fn c_path(path: &Path) -> Result<CString, Error> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::File)
}

pub(crate) fn milliseconds(time: Duration) -> c_int {
    c_int::try_from(time.as_millis()).unwrap_or(c_int::MAX)
}

/// A resolver of the library, counted there; it may be shared by threads.
struct Handle(NonNull<sys::mxsel_resolver>);

// SAFETY: <mxsel/ldns.h> says of both kinds that threads may share them, and
// who holds a resolver is counted atomically.
unsafe impl Send for Handle {}
unsafe impl Sync for Handle {}

impl Drop for Handle {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_resolver_free(self.0.as_ptr()) }
    }
}

/// Answers from master files (RFC 1035, 5), for tests and static zones.
pub struct Zone(Handle);

impl Zone {
    /// Each file is one zone, named by its SOA.
    pub fn from_files<P: AsRef<Path>>(files: &[P]) -> Result<Zone, Error> {
        let paths = files.iter().map(|file| c_path(file.as_ref()));
        let paths = paths.collect::<Result<Vec<CString>, Error>>()?;
        let array: Vec<*const c_char> =
            paths.iter().map(|path| path.as_ptr()).collect();
        // SAFETY: as many strings as are said, which outlive the call.
        let new = |out| unsafe {
            sys::mxsel_ldns_zone_new(out, array.as_ptr(), array.len())
        };
        Ok(Zone(Handle(made(new)?)))
    }

    /// The text of one zone.
    pub fn from_text(zone: &str) -> Result<Zone, Error> {
        let zone = CString::new(zone).map_err(|_| Error::File)?;
        // SAFETY: a string that outlives the call.
        let new =
            |out| unsafe { sys::mxsel_ldns_zone_text_new(out, zone.as_ptr()) };
        Ok(Zone(Handle(made(new)?)))
    }
}

/// Asks servers, and waits for what they say.
pub struct Dns(Handle);

impl Dns {
    /// The servers of /etc/resolv.conf.
    pub fn system() -> Result<Dns, Error> {
        // SAFETY: NULL stands for that file.
        let new = |out| unsafe { sys::mxsel_ldns_new(out, null()) };
        Ok(Dns(Handle(made(new)?)))
    }

    /// The servers of a file like it.
    pub fn from_file(resolv_conf: impl AsRef<Path>) -> Result<Dns, Error> {
        let path = c_path(resolv_conf.as_ref())?;
        // SAFETY: a string that outlives the call.
        let new = |out| unsafe { sys::mxsel_ldns_new(out, path.as_ptr()) };
        Ok(Dns(Handle(made(new)?)))
    }

    /// These servers: "192.0.2.53", "::1@5353".
    pub fn at(servers: &[&str]) -> Result<Dns, Error> {
        let dns = Dns::from_file("")?;
        for server in servers {
            let server = c_text(server)?;
            // SAFETY: both outlive the call.
            check(unsafe {
                sys::mxsel_ldns_add_server(dns.raw(), server.as_ptr())
            })?;
        }
        Ok(dns)
    }

    fn raw(&self) -> *mut sys::mxsel_resolver {
        self.0 .0.as_ptr()
    }

    /// Longest wait for one question over all servers and tries.
    pub fn query_time(self, time: Duration) -> Result<Dns, Error> {
        // SAFETY: a resolver of ours.
        check(unsafe {
            sys::mxsel_ldns_set_query_time(self.raw(), milliseconds(time))
        })?;
        Ok(self)
    }

    /// Letters of either case in questions over UDP, to be repeated.
    pub fn mix_case(self, on: bool) -> Result<Dns, Error> {
        // SAFETY: a resolver of ours.
        check(unsafe { sys::mxsel_ldns_set_mix_case(self.raw(), on.into()) })?;
        Ok(self)
    }

    /// Does the word of the servers count that an answer was validated? Unless
    /// it is said: when they are on this machine.
    pub fn trust_ad(self, trust: bool) -> Result<Dns, Error> {
        // SAFETY: a resolver of ours.
        check(unsafe {
            sys::mxsel_ldns_set_trust_ad(self.raw(), trust.into())
        })?;
        Ok(self)
    }

    /// How often something happened.
    pub fn statistic(&self, which: Statistic) -> u64 {
        // SAFETY: a resolver of ours.
        unsafe { sys::mxsel_ldns_statistic(self.raw(), which.number()) }
    }
}

/// Answers kept until their TTL ends, for any number of options and threads.
pub struct Cache(NonNull<sys::mxsel_cache>);

// SAFETY: <mxsel/cache.h>: any number of threads at a time.
unsafe impl Send for Cache {}
unsafe impl Sync for Cache {}

impl Cache {
    /// A cache that never takes more than so many bytes, 65536 or more.
    pub fn new(bytes: usize) -> Result<Cache, Error> {
        // SAFETY: the clock needs nothing and may be called by any thread.
        let new = |out| unsafe {
            let clock = Some(sys::mxsel_ldns_clock as _);
            sys::mxsel_cache_new(out, bytes, clock, null_mut())
        };
        Ok(Cache(made(new)?))
    }

    /// Change a setting, at any time.
    pub fn set(&self, setting: CacheSetting, value: i32) -> Result<(), Error> {
        // SAFETY: a cache of ours.
        check(unsafe {
            sys::mxsel_cache_set(self.0.as_ptr(), setting.number(), value)
        })?;
        Ok(())
    }

    /// How often something happened, or how much there is.
    pub fn statistic(&self, which: CacheStatistic) -> u64 {
        // SAFETY: a cache of ours.
        unsafe { sys::mxsel_cache_statistic(self.0.as_ptr(), which.number()) }
    }

    /// Forget all that is kept of a name.
    pub fn forget(&self, name: &str) -> Result<(), Error> {
        let (cache, name) = (self.0.as_ptr(), c_text(name)?);
        // SAFETY: both outlive the call.
        check(unsafe { sys::mxsel_cache_forget(cache, name.as_ptr()) })?;
        Ok(())
    }

    /// Forget all that is kept.
    pub fn forget_all(&self) -> Result<(), Error> {
        // SAFETY: a cache of ours; NULL stands for every name.
        check(unsafe { sys::mxsel_cache_forget(self.0.as_ptr(), null()) })?;
        Ok(())
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_cache_free(self.0.as_ptr()) }
    }
}

/// An MTA-STS policy (RFC 8461).
pub struct Sts(pub(crate) NonNull<sys::mxsel_sts>);

// SAFETY: <mxsel/security.h>: may be shared by threads; it never changes.
unsafe impl Send for Sts {}
unsafe impl Sync for Sts {}

impl Sts {
    /// The body fetched for a domain, at a moment in seconds of any clock.
    pub fn new(domain: &str, body: &[u8], at: u64) -> Result<Sts, Error> {
        let domain = c_text(domain)?;
        let start = body.as_ptr() as *const c_char;
        // SAFETY: a string, and as many octets as are said.
        let new = |out| unsafe {
            sys::mxsel_sts_new(out, domain.as_ptr(), start, body.len(), at)
        };
        Ok(Sts(made(new)?))
    }

    /// The domain it is for.
    pub fn domain(&self) -> String {
        // SAFETY: a policy of ours, copied at once.
        unsafe { text(sys::mxsel_sts_domain(self.0.as_ptr())) }
    }

    /// What it asks for.
    pub fn mode(&self) -> StsMode {
        // SAFETY: a policy of ours.
        StsMode::from_number(unsafe { sys::mxsel_sts_mode(self.0.as_ptr()) })
    }

    /// The second from which on it counts no more.
    pub fn expires(&self) -> u64 {
        // SAFETY: a policy of ours.
        unsafe { sys::mxsel_sts_expires(self.0.as_ptr()) }
    }

    /// Does it list this host?
    pub fn matches(&self, host: &str) -> bool {
        // SAFETY: both outlive the call.
        c_text(host).map_or(false, |host| unsafe {
            sys::mxsel_sts_matches(self.0.as_ptr(), host.as_ptr()) == 1
        })
    }
}

impl Drop for Sts {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_sts_free(self.0.as_ptr()) }
    }
}

/// Who answers the questions of a selection.
#[derive(Clone)]
pub(crate) enum Answerer {
    /// Nobody here: an engine.
    Engine,
    /// A resolver of the library.
    Library,
    /// One that is written in Rust.
    Rust(Arc<dyn Resolver>),
}

/// Settings for any number of selections. A clone is the same settings, and
/// threads may share them.
#[derive(Clone)]
pub struct Options(Arc<Settings>);

struct Settings {
    raw: NonNull<sys::mxsel_options>,
    answerer: Answerer,
}

// SAFETY: options that are used cannot be changed, and this crate changes
// them in no other moment than while they are built; the library counts
// atomically who holds them. Resolvers in Rust are Send and Sync.
unsafe impl Send for Settings {}
unsafe impl Sync for Settings {}

impl Drop for Settings {
    fn drop(&mut self) {
        // SAFETY: made by us, and dropped once.
        unsafe { sys::mxsel_options_free(self.raw.as_ptr()) }
    }
}

impl Options {
    /// Begin with every default.
    pub fn builder() -> Builder {
        // SAFETY: room for one pointer.
        let new = |out| unsafe { sys::mxsel_options_new(out) };
        Builder(made(new).map(|raw| Settings {
            raw,
            answerer: Answerer::Engine,
        }))
    }

    /// What a setting is.
    pub fn get(&self, setting: Setting) -> Result<i32, Error> {
        // SAFETY: options of ours.
        check(unsafe { sys::mxsel_options_get(self.raw(), setting.number()) })
    }

    pub(crate) fn raw(&self) -> *const sys::mxsel_options {
        self.0.raw.as_ptr()
    }

    pub(crate) fn answerer(&self) -> &Answerer {
        &self.0.answerer
    }
}

/// Makes [`Options`]. The first setting that is wrong is what
/// [`build`](Builder::build) returns.
#[must_use]
pub struct Builder(Result<Settings, Error>);

type Raw = *mut sys::mxsel_options;

impl Builder {
    fn with(mut self, set: impl FnOnce(&mut Settings) -> c_int) -> Builder {
        if let Ok(settings) = &mut self.0 {
            if let Err(error) = check(set(settings)) {
                self.0 = Err(error);
            }
        }
        self
    }

    fn with_text(
        self,
        given: &str,
        set: unsafe extern "C" fn(Raw, *const c_char) -> c_int,
    ) -> Builder {
        match c_text(given) {
            // SAFETY: both outlive the call.
            Ok(given) => self.with(|settings| unsafe {
                set(settings.raw.as_ptr(), given.as_ptr())
            }),
            Err(error) => Builder(self.0.and(Err(error))),
        }
    }

    /// An integer setting, as its documentation says.
    pub fn set(self, setting: Setting, value: i32) -> Builder {
        // SAFETY: options of ours, which nobody uses yet; so below.
        self.with(|settings| unsafe {
            let raw = settings.raw.as_ptr();
            sys::mxsel_options_set(raw, setting.number(), value)
        })
    }

    /// Order of the families within a host.
    pub fn family(self, family: Family) -> Builder {
        self.set(Setting::Family, family.number())
    }

    /// What is shuffled among equals.
    pub fn shuffle(self, shuffle: Shuffle) -> Builder {
        self.set(Setting::Shuffle, shuffle.number())
    }

    /// TLSA records decide how a host must be reached (RFC 7672).
    pub fn dane(self, on: bool) -> Builder {
        self.set(Setting::Dane, on.into())
    }

    /// TLSA records of hosts that an insecure MX answer named.
    pub fn insecure_mx(self, how: InsecureMx) -> Builder {
        self.set(Setting::DaneInsecureMx, how.number())
    }

    /// Fix the order among equals.
    pub fn seed(self, seed: u64) -> Builder {
        self.with(|settings| unsafe {
            sys::mxsel_options_set_seed(settings.raw.as_ptr(), seed)
        })
    }

    fn answered(self, handle: &Handle) -> Builder {
        self.with(|settings| unsafe {
            settings.answerer = Answerer::Library;
            let raw = settings.raw.as_ptr();
            sys::mxsel_options_set_resolver(raw, handle.0.as_ptr())
        })
    }

    /// Answer from master files.
    pub fn zone(self, zone: &Zone) -> Builder {
        self.answered(&zone.0)
    }

    /// Ask servers, and wait.
    pub fn dns(self, dns: &Dns) -> Builder {
        self.answered(&dns.0)
    }

    /// Answer with a resolver that is written in Rust.
    pub fn resolver(self, resolver: impl Resolver + 'static) -> Builder {
        self.with(|settings| unsafe {
            settings.answerer = Answerer::Rust(Arc::new(resolver));
            let raw = settings.raw.as_ptr();
            sys::mxsel_options_set_resolver(raw, null_mut())
        })
    }

    /// Keep answers, and look there first.
    pub fn cache(self, cache: &Cache) -> Builder {
        self.with(|settings| unsafe {
            let raw = settings.raw.as_ptr();
            sys::mxsel_options_set_cache(raw, cache.0.as_ptr())
        })
    }

    /// Remember what is reported, and order equals by it.
    pub fn memory(self, memory: &Memory) -> Builder {
        self.with(|settings| unsafe {
            let raw = settings.raw.as_ptr();
            sys::mxsel_options_set_memory(raw, memory.0.as_ptr())
        })
    }

    /// One of our own host names (RFC 5321, 5.1: mail loops).
    pub fn self_name(self, name: &str) -> Builder {
        self.with_text(name, sys::mxsel_options_add_self_name)
    }

    /// One of our own addresses.
    pub fn self_address(self, address: &str) -> Builder {
        self.with_text(address, sys::mxsel_options_add_self_address)
    }

    /// The addresses of this machine's interfaces.
    pub fn self_interfaces(self) -> Builder {
        self.with(|settings| unsafe {
            sys::mxsel_ldns_add_interfaces(settings.raw.as_ptr())
        })
    }

    /// Allow a network that the address filter would refuse.
    pub fn allow_network(self, network: &str) -> Builder {
        self.with_text(network, sys::mxsel_options_allow_network)
    }

    /// A NAT64 prefix of this site (RFC 6052).
    pub fn nat64(self, prefix: &str) -> Builder {
        self.with_text(prefix, sys::mxsel_options_add_nat64)
    }

    /// Refuse exchanges by name; the verdict has this code, and the defaults
    /// of the library for the rest.
    pub fn refuse_exchange(self, pattern: &str, code: u16) -> Builder {
        let code = c_int::from(code);
        match c_text(pattern) {
            Ok(pattern) => self.with(|settings| unsafe {
                let (raw, none) = (settings.raw.as_ptr(), null());
                let pattern = pattern.as_ptr();
                sys::mxsel_options_refuse_exchange(
                    raw, pattern, code, none, none,
                )
            }),
            Err(error) => Builder(self.0.and(Err(error))),
        }
    }

    /// Internationalised names, by libmxsel-idn2.
    #[cfg(feature = "idn2")]
    pub fn idn(self) -> Builder {
        self.with(|settings| unsafe {
            sys::mxsel_idn2_use(settings.raw.as_ptr())
        })
    }

    /// The options, or what was wrong first.
    pub fn build(self) -> Result<Options, Error> {
        Ok(Options(Arc::new(self.0?)))
    }
}
