//! The library's numbers as enums. Each knows its number and its name; a
//! number that is newer than this crate is `Other`.

use mxsel_sys::*;
use std::os::raw::{c_char, c_int};

/// For numbers that have no names in the library.
pub(crate) unsafe fn nameless(_: c_int) -> *const c_char {
    std::ptr::null()
}

macro_rules! numbers {
    ($(#[$doc:meta])* $name:ident, $namer:path {
        $($(#[$item_doc:meta])* $item:ident = $number:ident,)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$item_doc])* $item,)*
            /// A number that this crate does not know.
            Other(i32),
        }

        impl $name {
            /// The library's number.
            pub fn number(self) -> i32 {
                match self {
                    $($name::$item => $number,)*
                    $name::Other(number) => number,
                }
            }

            /// The library's name, for logs; "" where it has none.
            pub fn name(self) -> &'static str {
                // SAFETY: constant strings or NULL, for every number.
                unsafe { $crate::pointer::constant($namer(self.number())) }
            }

            /// By its name.
            pub fn from_name(name: &str) -> Option<$name> {
                let all = [$($name::$item,)*];
                let same = |item: &$name| item.name() == name;
                all.into_iter().filter(|_| !name.is_empty()).find(same)
            }

            #[allow(dead_code)]
            pub(crate) fn from_number(number: c_int) -> $name {
                match number {
                    $($number => $name::$item,)*
                    other => $name::Other(other),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(
                &self,
                f: &mut std::fmt::Formatter<'_>,
            ) -> std::fmt::Result {
                match self.name() {
                    "" => write!(f, "{:?}", self),
                    name => f.write_str(name),
                }
            }
        }
    };
}

numbers! {
    /// Where hosts come from.
    Source, mxsel_source_name {
        /// Nothing known (yet).
        None = MXSEL_SOURCE_NONE,
        /// MX records.
        Mx = MXSEL_SOURCE_MX,
        /// No MX record: the domain itself.
        Implicit = MXSEL_SOURCE_IMPLICIT,
        /// The destination is an address.
        Literal = MXSEL_SOURCE_LITERAL,
        /// The destination names the host.
        Static = MXSEL_SOURCE_STATIC,
    }
}

numbers! {
    /// What became of an attempt.
    Outcome, mxsel_outcome_name {
        /// Accepted after the data.
        Delivered = MXSEL_OUTCOME_DELIVERED,
        /// No connection: refused, no route.
        Refused = MXSEL_OUTCOME_REFUSED,
        /// No connection in time.
        Timeout = MXSEL_OUTCOME_TIMEOUT,
        /// 4xx or 5xx (also 521) greeting.
        Greeting = MXSEL_OUTCOME_GREETING,
        /// EHLO and HELO refused.
        Ehlo = MXSEL_OUTCOME_EHLO,
        /// No TLS where it was wanted.
        Tls = MXSEL_OUTCOME_TLS,
        /// DANE or MTA-STS is not met.
        Policy = MXSEL_OUTCOME_POLICY,
        /// 4xx or 5xx to MAIL.
        Mail = MXSEL_OUTCOME_MAIL,
        /// 4xx or 5xx to RCPT.
        Rcpt = MXSEL_OUTCOME_RCPT,
        /// 4xx or 5xx to DATA or its end.
        Data = MXSEL_OUTCOME_DATA,
        /// The connection broke.
        Lost = MXSEL_OUTCOME_LOST,
        /// It greets with our own name.
        OwnName = MXSEL_OUTCOME_OWN_NAME,
        /// REQUIRETLS is not offered.
        Requiretls = MXSEL_OUTCOME_REQUIRETLS,
    }
}

numbers! {
    /// What to do with the mail.
    Action, mxsel_action_name {
        /// Not over: there is more to try.
        Try = MXSEL_ACTION_TRY,
        /// It was delivered.
        Delivered = MXSEL_ACTION_DELIVERED,
        /// Keep it and come again.
        Defer = MXSEL_ACTION_DEFER,
        /// It cannot be delivered.
        Bounce = MXSEL_ACTION_BOUNCE,
    }
}

numbers! {
    /// Why.
    Reason, mxsel_reason_name {
        /// There is something to try.
        Ok = MXSEL_REASON_OK,
        /// 556 5.1.10 (RFC 7505).
        NullMx = MXSEL_REASON_NULL_MX,
        /// 550 5.1.2: it does not exist.
        NoDomain = MXSEL_REASON_NO_DOMAIN,
        /// 550 5.4.4 or 451 4.4.4.
        NoHost = MXSEL_REASON_NO_HOST,
        /// 550 5.4.6: we are the best MX.
        Loop = MXSEL_REASON_LOOP,
        /// 501 5.1.3.
        BadDestination = MXSEL_REASON_BAD_DESTINATION,
        /// 451 4.4.3 or 451 4.4.4.
        DnsTemporary = MXSEL_REASON_DNS_TEMPORARY,
        /// 550 5.7.1: refused here.
        Filtered = MXSEL_REASON_FILTERED,
        /// No TLS, DANE, MTA-STS, or 550 5.7.30: REQUIRETLS.
        Policy = MXSEL_REASON_POLICY,
        /// 451 4.4.1: all were tried.
        Unreachable = MXSEL_REASON_UNREACHABLE,
        /// 250 2.0.0.
        Delivered = MXSEL_REASON_DELIVERED,
        /// What the remote host replied.
        Reply = MXSEL_REASON_REPLY,
    }
}

numbers! {
    /// Why a host or an address is not used.
    Reject, mxsel_reject_name {
        /// No host name.
        BadName = MXSEL_REJECT_BAD_NAME,
        /// An IP address for a name.
        IsAddress = MXSEL_REJECT_IS_ADDRESS,
        /// A root among other MX records.
        Null = MXSEL_REJECT_NULL,
        /// Listed again, worse or equal.
        Duplicate = MXSEL_REJECT_DUPLICATE,
        /// It is ourselves.
        Ourselves = MXSEL_REJECT_SELF,
        /// Not better than ourselves.
        BehindSelf = MXSEL_REJECT_BEHIND_SELF,
        /// Beyond a limit.
        Limit = MXSEL_REJECT_LIMIT,
        /// mxsel_options_refuse_exchange().
        NameFilter = MXSEL_REJECT_NAME_FILTER,
        /// An alias, and those are refused.
        Alias = MXSEL_REJECT_ALIAS,
        /// .invalid, .onion, .local.
        SpecialUse = MXSEL_REJECT_SPECIAL_USE,
        /// The name does not exist.
        NotFound = MXSEL_REJECT_NOT_FOUND,
        /// It exists without any address.
        NoAddress = MXSEL_REJECT_NO_ADDRESS,
        /// Its addresses failed for now.
        Dns = MXSEL_REJECT_DNS,
        /// Nothing in the family we use.
        FamilyOff = MXSEL_REJECT_FAMILY_OFF,
        /// CNAMEs in a circle or too many.
        AliasLoop = MXSEL_REJECT_ALIAS_LOOP,
        /// 0.0.0.0 or :: (ourselves).
        Unspecified = MXSEL_REJECT_UNSPECIFIED,
        /// < 0.0.0.0 or :: (ourselves).
        Loopback = MXSEL_REJECT_LOOPBACK,
        /// Linklocal.
        LinkLocal = MXSEL_REJECT_LINK_LOCAL,
        /// Multicast.
        Multicast = MXSEL_REJECT_MULTICAST,
        /// Broadcast.
        Broadcast = MXSEL_REJECT_BROADCAST,
        /// 240/4, 0/8, 100::/64, site-local.
        Reserved = MXSEL_REJECT_RESERVED,
        /// Private.
        Private = MXSEL_REJECT_PRIVATE,
        /// Not in the MTA-STS policy.
        Sts = MXSEL_REJECT_STS,
        /// Its TLSA records failed for now.
        Tlsa = MXSEL_REJECT_TLSA,
        /// An address that DNSSEC does not vouch for, of a DANE host.
        Insecure = MXSEL_REJECT_INSECURE,
        /// Neither DNSSEC nor MTA-STS vouches for its name (RFC 8689).
        Requiretls = MXSEL_REJECT_REQUIRETLS,
    }
}

numbers! {
    /// What TLS must be for an attempt; the higher, the stronger.
    Posture, mxsel_posture_name {
        /// No attempt is reached.
        None = MXSEL_POSTURE_NONE,
        /// TLS if it is offered, any certificate; clear text if not.
        Opportunistic = MXSEL_POSTURE_OPPORTUNISTIC,
        /// TLS, any certificate.
        Encrypt = MXSEL_POSTURE_ENCRYPT,
        /// TLS, a certificate from a trusted authority, for mxsel_tls_name().
        Pkix = MXSEL_POSTURE_PKIX,
        /// TLS, a certificate that one of mxsel_tlsa() matches.
        Dane = MXSEL_POSTURE_DANE,
    }
}

numbers! {
    /// Why TLS must be so.
    PostureReason, mxsel_posture_reason_name {
        /// Nothing asks for more.
        Default = MXSEL_POSTURE_BY_DEFAULT,
        /// DNSSEC does not vouch for the host's addresses: no DANE.
        NoSecurity = MXSEL_POSTURE_BY_NO_SECURITY,
        /// It has no TLSA records.
        NoTlsa = MXSEL_POSTURE_BY_NO_TLSA,
        /// MXSEL_OPT_DANE_INSECURE_MX.
        InsecureMx = MXSEL_POSTURE_BY_INSECURE_MX,
        /// Its TLSA records.
        Tlsa = MXSEL_POSTURE_BY_TLSA,
        /// None of them is usable.
        UnusableTlsa = MXSEL_POSTURE_BY_UNUSABLE_TLSA,
        /// MTA-STS, mode enforce.
        Sts = MXSEL_POSTURE_BY_STS,
        /// MTA-STS, mode testing: verify as for PKIX, go on in any case, tell
        /// mxsel_report_tls().
        StsTesting = MXSEL_POSTURE_BY_STS_TESTING,
        /// mxsel_set_tls().
        Requiretls = MXSEL_POSTURE_BY_REQUIRETLS,
        /// mxsel_set_tls().
        TlsOptional = MXSEL_POSTURE_BY_TLS_OPTIONAL,
    }
}

numbers! {
    /// What DANE comes to for a host.
    Dane, mxsel_dane_name {
        /// Not applicable: not secure, no TLSA records, or not looked for.
        None = MXSEL_DANE_NONE,
        /// There are usable records.
        Records = MXSEL_DANE_RECORDS,
        /// There are records, none is usable.
        Unusable = MXSEL_DANE_UNUSABLE,
        /// They cannot be had now; such a host is passed over and never
        /// reached.
        Temporary = MXSEL_DANE_TEMPORARY,
    }
}

numbers! {
    /// What a message asks of TLS.
    TlsWish, nameless {
        /// Nothing; as the domain wants it.
        ByPolicy = MXSEL_TLS_BY_POLICY,
        /// MAIL FROM had REQUIRETLS.
        Required = MXSEL_TLS_REQUIRED,
        /// Its header has "TLS-Required: No".
        Optional = MXSEL_TLS_OPTIONAL,
    }
}

numbers! {
    /// The mode of an MTA-STS policy.
    StsMode, mxsel_sts_mode_name {
        /// The domain has no policy (any more).
        None = MXSEL_STS_NONE,
        /// Use every host, report what fails.
        Testing = MXSEL_STS_TESTING,
        /// Only hosts and certificates that match.
        Enforce = MXSEL_STS_ENFORCE,
    }
}

numbers! {
    /// The policy type of a TLS report.
    TlsrptPolicy, mxsel_tlsrpt_policy_name {
        /// "no-policy-found".
        NoPolicy = MXSEL_TLSRPT_NO_POLICY,
        /// "tlsa".
        Tlsa = MXSEL_TLSRPT_TLSA,
        /// "sts".
        Sts = MXSEL_TLSRPT_STS,
    }
}

numbers! {
    /// The result type of a TLS report.
    TlsrptResult, mxsel_tlsrpt_result_name {
        /// Success.
        Success = MXSEL_TLSRPT_SUCCESS,
        /// Starttlsnotsupported.
        StarttlsNotSupported = MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED,
        /// Certificatehostmismatch.
        CertificateHostMismatch = MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH,
        /// Certificateexpired.
        CertificateExpired = MXSEL_TLSRPT_CERTIFICATE_EXPIRED,
        /// Certificatenottrusted.
        CertificateNotTrusted = MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED,
        /// Validationfailure.
        ValidationFailure = MXSEL_TLSRPT_VALIDATION_FAILURE,
        /// Tlsainvalid.
        TlsaInvalid = MXSEL_TLSRPT_TLSA_INVALID,
        /// Dnssecinvalid.
        DnssecInvalid = MXSEL_TLSRPT_DNSSEC_INVALID,
        /// Danerequired.
        DaneRequired = MXSEL_TLSRPT_DANE_REQUIRED,
        /// Stspolicyfetcherror.
        StsPolicyFetchError = MXSEL_TLSRPT_STS_POLICY_FETCH_ERROR,
        /// Stspolicyinvalid.
        StsPolicyInvalid = MXSEL_TLSRPT_STS_POLICY_INVALID,
        /// Stswebpkiinvalid.
        StsWebpkiInvalid = MXSEL_TLSRPT_STS_WEBPKI_INVALID,
    }
}

numbers! {
    /// What happened.
    Trace, mxsel_trace_name {
        /// How the destination was read.
        Destination = MXSEL_TRACE_DESTINATION,
        /// A question: name; type.
        Ask = MXSEL_TRACE_ASK,
        /// Its answer: name; type, end, TTL.
        Answer = MXSEL_TRACE_ANSWER,
        /// A name is an alias; of what.
        Alias = MXSEL_TRACE_ALIAS,
        /// No MX: the domain itself.
        Implicit = MXSEL_TRACE_IMPLICIT,
        /// The domain takes no mail.
        NullMx = MXSEL_TRACE_NULL_MX,
        /// We are among the hosts; preference.
        Ourselves = MXSEL_TRACE_SELF,
        /// A host in its place; preference.
        Host = MXSEL_TRACE_HOST,
        /// An address in its place; host.
        Address = MXSEL_TRACE_ADDRESS,
        /// Something dropped; reason.
        Reject = MXSEL_TRACE_REJECT,
        /// Handed out: address; host.
        Attempt = MXSEL_TRACE_ATTEMPT,
        /// What became of it: host; outcome.
        Report = MXSEL_TRACE_REPORT,
        /// Where to go on; why.
        Decision = MXSEL_TRACE_DECISION,
        /// The end: domain; verdict.
        Verdict = MXSEL_TRACE_VERDICT,
        /// Some are left out here; how many.
        Cut = MXSEL_TRACE_CUT,
        /// What DANE comes to: host; outcome.
        Tlsa = MXSEL_TRACE_TLSA,
        /// TLS for a host: host; posture, why.
        Posture = MXSEL_TRACE_POSTURE,
        /// An order that a memory has changed: host or address; where it goes,
        /// and why.
        Memory = MXSEL_TRACE_MEMORY,
    }
}

numbers! {
    /// The type of a DNS record.
    RecordType, nameless {
        /// A.
        A = MXSEL_TYPE_A,
        /// Cname.
        Cname = MXSEL_TYPE_CNAME,
        /// Mx.
        Mx = MXSEL_TYPE_MX,
        /// Aaaa.
        Aaaa = MXSEL_TYPE_AAAA,
        /// Tlsa.
        Tlsa = MXSEL_TYPE_TLSA,
    }
}

numbers! {
    /// How a question ended.
    End, nameless {
        /// NOERROR: all there is was added; with nothing added it means NODATA.
        Complete = MXSEL_DNS_COMPLETE,
        /// The name (after aliases) is not there.
        Nxdomain = MXSEL_DNS_NXDOMAIN,
        /// < the name (after aliases) is not there.
        Servfail = MXSEL_DNS_SERVFAIL,
        /// Refused.
        Refused = MXSEL_DNS_REFUSED,
        /// Formerr.
        Formerr = MXSEL_DNS_FORMERR,
        /// Notimp.
        Notimp = MXSEL_DNS_NOTIMP,
        /// Any other response code.
        Rcode = MXSEL_DNS_RCODE,
        /// Nobody answered in time.
        Timeout = MXSEL_DNS_TIMEOUT,
        /// Only part of the answer came.
        Truncated = MXSEL_DNS_TRUNCATED,
        /// The answer breaks the wire format.
        Malformed = MXSEL_DNS_MALFORMED,
        /// No server could be reached.
        Network = MXSEL_DNS_NETWORK,
        /// A delegation instead of an answer.
        Referral = MXSEL_DNS_REFERRAL,
    }
}

numbers! {
    /// What DNSSEC says of an answer.
    Security, nameless {
        /// Indeterminate.
        Indeterminate = MXSEL_SECURITY_INDETERMINATE,
        /// Insecure.
        Insecure = MXSEL_SECURITY_INSECURE,
        /// Secure.
        Secure = MXSEL_SECURITY_SECURE,
        /// A failure: temporary, never an answer.
        Bogus = MXSEL_SECURITY_BOGUS,
    }
}

/// What was unusual: a set of names, as "mixed_null_mx".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Flags(pub(crate) u32);

impl Flags {
    /// The library's bits, MXSEL_FLAG_*.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// The names of those that are there.
    pub fn names(self) -> Vec<&'static str> {
        (0..32)
            .map(|place| 1 << place)
            .filter(|flag| self.0 & flag != 0)
            // SAFETY: constant strings or NULL, for every number.
            .map(|flag| unsafe {
                crate::pointer::constant(mxsel_flag_name(flag))
            })
            .collect()
    }

    /// Is the one of this name there?
    pub fn contains(self, name: &str) -> bool {
        self.names().contains(&name)
    }
}
