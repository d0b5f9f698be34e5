//! The constants of libmxsel and libmxsel-ldns; lib.rs says what holds them.

use std::os::raw::c_int;

pub const MXSEL_END: c_int = 0;
pub const MXSEL_ATTEMPT: c_int = 1;
pub const MXSEL_LOOKUP: c_int = 2;

pub const MXSEL_OK: c_int = 0;
pub const MXSEL_ENOMEM: c_int = -1;
pub const MXSEL_EUSAGE: c_int = -2;
pub const MXSEL_ERANGE: c_int = -3;
pub const MXSEL_ESYNTAX: c_int = -4;
pub const MXSEL_ELIMIT: c_int = -5;
pub const MXSEL_EMISMATCH: c_int = -6;
pub const MXSEL_EMALFORMED: c_int = -7;
pub const MXSEL_ESPACE: c_int = -8;
pub const MXSEL_EENTROPY: c_int = -9;
pub const MXSEL_ESYSTEM: c_int = -10;
pub const MXSEL_EFILE: c_int = -11;
pub const MXSEL_ECANCELED: c_int = -12;

pub const MXSEL_OPT_PORT: c_int = 1;
pub const MXSEL_OPT_FAMILY: c_int = 2;
pub const MXSEL_OPT_SHUFFLE: c_int = 3;
pub const MXSEL_OPT_IMPLICIT_ON_NXDOMAIN: c_int = 4;
pub const MXSEL_OPT_STRICT_NULL_MX: c_int = 5;
pub const MXSEL_OPT_MAX_ALIASES: c_int = 6;
pub const MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS: c_int = 7;
pub const MXSEL_OPT_REFUSE_EXCHANGE_ALIAS: c_int = 8;
pub const MXSEL_OPT_DEFER_NO_HOST: c_int = 9;
pub const MXSEL_OPT_DEFER_FILTERED: c_int = 10;
pub const MXSEL_OPT_ALLOW_LOOPBACK: c_int = 11;
pub const MXSEL_OPT_ALLOW_LINK_LOCAL: c_int = 12;
pub const MXSEL_OPT_REFUSE_PRIVATE: c_int = 13;
pub const MXSEL_OPT_ASK_LOCAL: c_int = 14;
pub const MXSEL_OPT_HAND_OUT_ONION: c_int = 15;
pub const MXSEL_OPT_MAX_RECORDS: c_int = 16;
pub const MXSEL_OPT_MAX_HOSTS: c_int = 17;
pub const MXSEL_OPT_MAX_HOST_ADDRESSES: c_int = 18;
pub const MXSEL_OPT_MAX_ADDRESSES: c_int = 19;
pub const MXSEL_OPT_MAX_QUERIES: c_int = 20;
pub const MXSEL_OPT_SENDER: c_int = 21;
pub const MXSEL_OPT_KEEP_DUPLICATES: c_int = 22;
pub const MXSEL_OPT_SELF_PORT: c_int = 23;
pub const MXSEL_OPT_TIME_LIMIT: c_int = 24;
pub const MXSEL_OPT_MAX_ATTEMPTS: c_int = 25;
pub const MXSEL_OPT_TRACE: c_int = 26;
pub const MXSEL_OPT_PREFETCH: c_int = 27;
pub const MXSEL_OPT_DANE: c_int = 28;
pub const MXSEL_OPT_DANE_INSECURE_MX: c_int = 29;

pub const MXSEL_INSECURE_MX_DANE: c_int = 0;
pub const MXSEL_INSECURE_MX_ENCRYPT: c_int = 1;
pub const MXSEL_INSECURE_MX_MAY: c_int = 2;

pub const MXSEL_FAMILY_INTERLEAVE: c_int = 0;
pub const MXSEL_FAMILY_ANY: c_int = 1;
pub const MXSEL_FAMILY_V6_FIRST: c_int = 2;
pub const MXSEL_FAMILY_V4_FIRST: c_int = 3;
pub const MXSEL_FAMILY_V6_ONLY: c_int = 4;
pub const MXSEL_FAMILY_V4_ONLY: c_int = 5;

pub const MXSEL_SHUFFLE_HOSTS: c_int = 0;
pub const MXSEL_SHUFFLE_ADDRESSES: c_int = 1;
pub const MXSEL_SHUFFLE_NONE: c_int = 2;

pub const MXSEL_SOURCE_NONE: c_int = 0;
pub const MXSEL_SOURCE_MX: c_int = 1;
pub const MXSEL_SOURCE_IMPLICIT: c_int = 2;
pub const MXSEL_SOURCE_LITERAL: c_int = 3;
pub const MXSEL_SOURCE_STATIC: c_int = 4;

pub const MXSEL_FLAG_LIMITED: c_int = 1;
pub const MXSEL_FLAG_INCOMPLETE: c_int = 2;
pub const MXSEL_FLAG_MIXED_NULL_MX: c_int = 4;
pub const MXSEL_FLAG_NULL_MX_PREFERENCE: c_int = 8;
pub const MXSEL_FLAG_DOMAIN_IS_ALIAS: c_int = 16;
pub const MXSEL_FLAG_MX_IS_ALIAS: c_int = 32;
pub const MXSEL_FLAG_MX_IS_ADDRESS: c_int = 64;
pub const MXSEL_FLAG_BAD_MX_NAME: c_int = 128;
pub const MXSEL_FLAG_DUPLICATE_MX: c_int = 256;
pub const MXSEL_FLAG_DUPLICATE_ADDRESS: c_int = 512;
pub const MXSEL_FLAG_SELF: c_int = 1024;
pub const MXSEL_FLAG_FILTERED: c_int = 2048;
pub const MXSEL_FLAG_FAMILY_OFF: c_int = 4096;
pub const MXSEL_FLAG_ALIAS_LOOP: c_int = 8192;
pub const MXSEL_FLAG_ALIAS_CHAIN: c_int = 16384;
pub const MXSEL_FLAG_IMPLICIT_NXDOMAIN: c_int = 32768;
pub const MXSEL_FLAG_MEMORY: c_int = 65536;

pub const MXSEL_OUTCOME_DELIVERED: c_int = 1;
pub const MXSEL_OUTCOME_REFUSED: c_int = 2;
pub const MXSEL_OUTCOME_TIMEOUT: c_int = 3;
pub const MXSEL_OUTCOME_GREETING: c_int = 4;
pub const MXSEL_OUTCOME_EHLO: c_int = 5;
pub const MXSEL_OUTCOME_TLS: c_int = 6;
pub const MXSEL_OUTCOME_POLICY: c_int = 7;
pub const MXSEL_OUTCOME_MAIL: c_int = 8;
pub const MXSEL_OUTCOME_RCPT: c_int = 9;
pub const MXSEL_OUTCOME_DATA: c_int = 10;
pub const MXSEL_OUTCOME_LOST: c_int = 11;
pub const MXSEL_OUTCOME_OWN_NAME: c_int = 12;
pub const MXSEL_OUTCOME_REQUIRETLS: c_int = 13;

pub const MXSEL_ACTION_TRY: c_int = 0;
pub const MXSEL_ACTION_DELIVERED: c_int = 1;
pub const MXSEL_ACTION_DEFER: c_int = 2;
pub const MXSEL_ACTION_BOUNCE: c_int = 3;

pub const MXSEL_REASON_OK: c_int = 0;
pub const MXSEL_REASON_NULL_MX: c_int = 1;
pub const MXSEL_REASON_NO_DOMAIN: c_int = 2;
pub const MXSEL_REASON_NO_HOST: c_int = 3;
pub const MXSEL_REASON_LOOP: c_int = 4;
pub const MXSEL_REASON_BAD_DESTINATION: c_int = 5;
pub const MXSEL_REASON_DNS_TEMPORARY: c_int = 6;
pub const MXSEL_REASON_FILTERED: c_int = 7;
pub const MXSEL_REASON_POLICY: c_int = 8;
pub const MXSEL_REASON_UNREACHABLE: c_int = 9;
pub const MXSEL_REASON_DELIVERED: c_int = 10;
pub const MXSEL_REASON_REPLY: c_int = 11;

pub const MXSEL_REJECT_BAD_NAME: c_int = 1;
pub const MXSEL_REJECT_IS_ADDRESS: c_int = 2;
pub const MXSEL_REJECT_NULL: c_int = 3;
pub const MXSEL_REJECT_DUPLICATE: c_int = 4;
pub const MXSEL_REJECT_SELF: c_int = 5;
pub const MXSEL_REJECT_BEHIND_SELF: c_int = 6;
pub const MXSEL_REJECT_LIMIT: c_int = 7;
pub const MXSEL_REJECT_NAME_FILTER: c_int = 8;
pub const MXSEL_REJECT_ALIAS: c_int = 9;
pub const MXSEL_REJECT_SPECIAL_USE: c_int = 10;
pub const MXSEL_REJECT_NOT_FOUND: c_int = 11;
pub const MXSEL_REJECT_NO_ADDRESS: c_int = 12;
pub const MXSEL_REJECT_DNS: c_int = 13;
pub const MXSEL_REJECT_FAMILY_OFF: c_int = 14;
pub const MXSEL_REJECT_ALIAS_LOOP: c_int = 15;
pub const MXSEL_REJECT_UNSPECIFIED: c_int = 16;
pub const MXSEL_REJECT_LOOPBACK: c_int = 17;
pub const MXSEL_REJECT_LINK_LOCAL: c_int = 18;
pub const MXSEL_REJECT_MULTICAST: c_int = 19;
pub const MXSEL_REJECT_BROADCAST: c_int = 20;
pub const MXSEL_REJECT_RESERVED: c_int = 21;
pub const MXSEL_REJECT_PRIVATE: c_int = 22;
pub const MXSEL_REJECT_STS: c_int = 23;
pub const MXSEL_REJECT_TLSA: c_int = 24;
pub const MXSEL_REJECT_INSECURE: c_int = 25;
pub const MXSEL_REJECT_REQUIRETLS: c_int = 26;

pub const MXSEL_TRACE_DESTINATION: c_int = 1;
pub const MXSEL_TRACE_ASK: c_int = 2;
pub const MXSEL_TRACE_ANSWER: c_int = 3;
pub const MXSEL_TRACE_ALIAS: c_int = 4;
pub const MXSEL_TRACE_IMPLICIT: c_int = 5;
pub const MXSEL_TRACE_NULL_MX: c_int = 6;
pub const MXSEL_TRACE_SELF: c_int = 7;
pub const MXSEL_TRACE_HOST: c_int = 8;
pub const MXSEL_TRACE_ADDRESS: c_int = 9;
pub const MXSEL_TRACE_REJECT: c_int = 10;
pub const MXSEL_TRACE_ATTEMPT: c_int = 11;
pub const MXSEL_TRACE_REPORT: c_int = 12;
pub const MXSEL_TRACE_DECISION: c_int = 13;
pub const MXSEL_TRACE_VERDICT: c_int = 14;
pub const MXSEL_TRACE_CUT: c_int = 15;
pub const MXSEL_TRACE_TLSA: c_int = 16;
pub const MXSEL_TRACE_POSTURE: c_int = 17;
pub const MXSEL_TRACE_MEMORY: c_int = 18;

pub const MXSEL_TYPE_A: c_int = 1;
pub const MXSEL_TYPE_CNAME: c_int = 5;
pub const MXSEL_TYPE_MX: c_int = 15;
pub const MXSEL_TYPE_AAAA: c_int = 28;
pub const MXSEL_TYPE_TLSA: c_int = 52;

pub const MXSEL_DNS_COMPLETE: c_int = 0;
pub const MXSEL_DNS_NXDOMAIN: c_int = 1;
pub const MXSEL_DNS_SERVFAIL: c_int = 2;
pub const MXSEL_DNS_REFUSED: c_int = 3;
pub const MXSEL_DNS_FORMERR: c_int = 4;
pub const MXSEL_DNS_NOTIMP: c_int = 5;
pub const MXSEL_DNS_RCODE: c_int = 6;
pub const MXSEL_DNS_TIMEOUT: c_int = 7;
pub const MXSEL_DNS_TRUNCATED: c_int = 8;
pub const MXSEL_DNS_MALFORMED: c_int = 9;
pub const MXSEL_DNS_NETWORK: c_int = 10;
pub const MXSEL_DNS_REFERRAL: c_int = 11;

pub const MXSEL_SECURITY_INDETERMINATE: c_int = 0;
pub const MXSEL_SECURITY_INSECURE: c_int = 1;
pub const MXSEL_SECURITY_SECURE: c_int = 2;
pub const MXSEL_SECURITY_BOGUS: c_int = 3;

pub const MXSEL_PACKET_EDNS: c_int = 1;
pub const MXSEL_PACKET_AD: c_int = 2;

pub const MXSEL_CACHE_MAX_TTL: c_int = 1;
pub const MXSEL_CACHE_MAX_NEGATIVE_TTL: c_int = 2;
pub const MXSEL_CACHE_FAILURE_TTL: c_int = 3;
pub const MXSEL_CACHE_STALE: c_int = 4;

pub const MXSEL_CACHE_HITS: c_int = 0;
pub const MXSEL_CACHE_MISSES: c_int = 1;
pub const MXSEL_CACHE_STALE_HITS: c_int = 2;
pub const MXSEL_CACHE_STORED: c_int = 3;
pub const MXSEL_CACHE_EVICTED: c_int = 4;
pub const MXSEL_CACHE_NAMES: c_int = 5;
pub const MXSEL_CACHE_BYTES: c_int = 6;

pub const MXSEL_MEMORY_HALF_LIFE: c_int = 1;
pub const MXSEL_MEMORY_EXPLORE: c_int = 2;
pub const MXSEL_MEMORY_KEEP: c_int = 3;
pub const MXSEL_MEMORY_REFRESH: c_int = 4;
pub const MXSEL_MEMORY_BUDGET: c_int = 5;
pub const MXSEL_MEMORY_READ_ONLY: c_int = 6;

pub const MXSEL_MEMORY_ENTRIES: c_int = 0;
pub const MXSEL_MEMORY_BYTES: c_int = 1;
pub const MXSEL_MEMORY_REPORTS: c_int = 2;
pub const MXSEL_MEMORY_EVICTED: c_int = 3;
pub const MXSEL_MEMORY_BEHIND: c_int = 4;
pub const MXSEL_MEMORY_PROBES: c_int = 5;
pub const MXSEL_MEMORY_ASKED: c_int = 6;
pub const MXSEL_MEMORY_UNANSWERED: c_int = 7;

pub const MXSEL_MEMORY_HOST: c_int = 1;
pub const MXSEL_MEMORY_ADDRESS: c_int = 2;

pub const MXSEL_MEMORY_OUTCOMES: c_int = 8;

pub const MXSEL_MEMORY_TEXT_SIZE: c_int = 768;

pub const MXSEL_STORE_FAILED: c_int = 1;
pub const MXSEL_STORE_TALKED: c_int = 2;
pub const MXSEL_STORE_NOTED: c_int = 3;
pub const MXSEL_STORE_FORGOTTEN: c_int = 4;

pub const MXSEL_POSTURE_NONE: c_int = 0;
pub const MXSEL_POSTURE_OPPORTUNISTIC: c_int = 1;
pub const MXSEL_POSTURE_ENCRYPT: c_int = 2;
pub const MXSEL_POSTURE_PKIX: c_int = 3;
pub const MXSEL_POSTURE_DANE: c_int = 4;

pub const MXSEL_POSTURE_BY_DEFAULT: c_int = 1;
pub const MXSEL_POSTURE_BY_NO_SECURITY: c_int = 2;
pub const MXSEL_POSTURE_BY_NO_TLSA: c_int = 3;
pub const MXSEL_POSTURE_BY_INSECURE_MX: c_int = 4;
pub const MXSEL_POSTURE_BY_TLSA: c_int = 5;
pub const MXSEL_POSTURE_BY_UNUSABLE_TLSA: c_int = 6;
pub const MXSEL_POSTURE_BY_STS: c_int = 7;
pub const MXSEL_POSTURE_BY_STS_TESTING: c_int = 8;
pub const MXSEL_POSTURE_BY_REQUIRETLS: c_int = 9;
pub const MXSEL_POSTURE_BY_TLS_OPTIONAL: c_int = 10;

pub const MXSEL_DANE_NONE: c_int = 0;
pub const MXSEL_DANE_RECORDS: c_int = 1;
pub const MXSEL_DANE_UNUSABLE: c_int = 2;
pub const MXSEL_DANE_TEMPORARY: c_int = 3;

pub const MXSEL_TLS_BY_POLICY: c_int = 0;
pub const MXSEL_TLS_REQUIRED: c_int = 1;
pub const MXSEL_TLS_OPTIONAL: c_int = 2;

pub const MXSEL_STS_NONE: c_int = 0;
pub const MXSEL_STS_TESTING: c_int = 1;
pub const MXSEL_STS_ENFORCE: c_int = 2;

pub const MXSEL_TLSRPT_NO_POLICY: c_int = 0;
pub const MXSEL_TLSRPT_TLSA: c_int = 1;
pub const MXSEL_TLSRPT_STS: c_int = 2;

pub const MXSEL_TLSRPT_SUCCESS: c_int = 0;
pub const MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED: c_int = 1;
pub const MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH: c_int = 2;
pub const MXSEL_TLSRPT_CERTIFICATE_EXPIRED: c_int = 3;
pub const MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED: c_int = 4;
pub const MXSEL_TLSRPT_VALIDATION_FAILURE: c_int = 5;
pub const MXSEL_TLSRPT_TLSA_INVALID: c_int = 6;
pub const MXSEL_TLSRPT_DNSSEC_INVALID: c_int = 7;
pub const MXSEL_TLSRPT_DANE_REQUIRED: c_int = 8;
pub const MXSEL_TLSRPT_STS_POLICY_FETCH_ERROR: c_int = 9;
pub const MXSEL_TLSRPT_STS_POLICY_INVALID: c_int = 10;
pub const MXSEL_TLSRPT_STS_WEBPKI_INVALID: c_int = 11;

pub const MXSEL_LDNS_SENT_UDP: c_int = 0;
pub const MXSEL_LDNS_SENT_TCP: c_int = 1;
pub const MXSEL_LDNS_MISMATCHED: c_int = 2;
pub const MXSEL_LDNS_MALFORMED: c_int = 3;
pub const MXSEL_LDNS_TIMEOUTS: c_int = 4;
pub const MXSEL_LDNS_TRUNCATED: c_int = 5;
pub const MXSEL_LDNS_COALESCED: c_int = 6;
pub const MXSEL_LDNS_SOCKETS: c_int = 7;
pub const MXSEL_LDNS_CONNECTED: c_int = 8;

pub const MXSEL_ENGINE_QUERY_TIME: c_int = 1;
pub const MXSEL_ENGINE_IN_FLIGHT: c_int = 2;
pub const MXSEL_ENGINE_MIX_CASE: c_int = 3;
pub const MXSEL_ENGINE_TRUST_AD: c_int = 4;
