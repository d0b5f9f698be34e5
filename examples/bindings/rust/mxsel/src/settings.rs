//! What can be set, and what is counted.

use crate::numbers::nameless;
use mxsel_sys::*;
use std::os::raw::c_int;

numbers! {
    /// An integer setting of [`Options`](crate::Options).
    Setting, mxsel_option_name {
        /// TCP port of the attempts, 1..65535; 25. "host:port" overrides.
        Port = MXSEL_OPT_PORT,
        /// Order of the families within a host, MXSEL_FAMILY_*; interleave.
        Family = MXSEL_OPT_FAMILY,
        /// What is shuffled among equals, MXSEL_SHUFFLE_*; hosts.
        Shuffle = MXSEL_OPT_SHUFFLE,
        /// 1: NXDOMAIN still tries the domain's own addresses; 0.
        ImplicitOnNxdomain = MXSEL_OPT_IMPLICIT_ON_NXDOMAIN,
        /// 1: a root among other MX records means null MX (RFC 7505); 0.
        StrictNullMx = MXSEL_OPT_STRICT_NULL_MX,
        /// Links of a CNAME chain that are followed, 0..16; 10.
        MaxAliases = MXSEL_OPT_MAX_ALIASES,
        /// 1: an exchange written as an IP address is used as one; 0.
        AllowExchangeAddress = MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS,
        /// 1: an exchange that is an alias is not used (RFC 2181, 10.3); 0.
        RefuseExchangeAlias = MXSEL_OPT_REFUSE_EXCHANGE_ALIAS,
        /// 1: no exchange with an address is temporary, not permanent; 0.
        DeferNoHost = MXSEL_OPT_DEFER_NO_HOST,
        /// 1: every address filtered is temporary, not permanent; 0.
        DeferFiltered = MXSEL_OPT_DEFER_FILTERED,
        /// 1: loopback addresses may be handed out; 0.
        AllowLoopback = MXSEL_OPT_ALLOW_LOOPBACK,
        /// 1: link-local addresses may be handed out; 0.
        AllowLinkLocal = MXSEL_OPT_ALLOW_LINK_LOCAL,
        /// 1: RFC 1918, shared (CGNAT) and unique local are refused; 0.
        RefusePrivate = MXSEL_OPT_REFUSE_PRIVATE,
        /// 1: names under .local are asked in the DNS; 0.
        AskLocal = MXSEL_OPT_ASK_LOCAL,
        /// 1: .onion gives one attempt without address, for a proxy; 0.
        HandOutOnion = MXSEL_OPT_HAND_OUT_ONION,
        /// MX records considered, best first; 100. 0: unlimited.
        MaxRecords = MXSEL_OPT_MAX_RECORDS,
        /// Hosts used, best first; 16. 0: unlimited.
        MaxHosts = MXSEL_OPT_MAX_HOSTS,
        /// Addresses used of one host, and looked at of one answer: its
        /// first; 16. 0: unlimited.
        MaxHostAddresses = MXSEL_OPT_MAX_HOST_ADDRESSES,
        /// Addresses in all, also those that a report passes over; 64. 0:
        /// unlimited.
        MaxAddresses = MXSEL_OPT_MAX_ADDRESSES,
        /// Questions asked for one selection; 40. 0: unlimited.
        MaxQueries = MXSEL_OPT_MAX_QUERIES,
        /// 1: the domain is a sender's; its null MX gives 550 5.7.27; 0.
        Sender = MXSEL_OPT_SENDER,
        /// 1: one address may come again under another host's name; 0.
        KeepDuplicates = MXSEL_OPT_KEEP_DUPLICATES,
        /// The port on which we take mail ourselves, 1..65535; 25.
        SelfPort = MXSEL_OPT_SELF_PORT,
        /// Milliseconds that the DNS may take in all; 30000. 0: no end. When
        /// they are used up, open questions end with MXSEL_DNS_TIMEOUT.
        TimeLimit = MXSEL_OPT_TIME_LIMIT,
        /// Attempts handed out in all, shared fairly: every host of a
        /// preference has one before any has its third, and one address of
        /// each family is kept. 2 or more; 1 must be meant. 0: no limit; 0.
        MaxAttempts = MXSEL_OPT_MAX_ATTEMPTS,
        /// 1: every decision is kept for mxsel_trace_event(); 0.
        Trace = MXSEL_OPT_TRACE,
        /// Hosts beyond those looked up now whose addresses are asked for as
        /// well, while an attempt runs; 0..128. 0: none until they are needed
        /// (lazy). 128: all. 0. A blocking resolver asks when it waits.
        Prefetch = MXSEL_OPT_PREFETCH,
        /// 1: TLSA records decide how a host must be reached (RFC 7672);
        /// needs a resolver that validates. 0.
        Dane = MXSEL_OPT_DANE,
        /// TLSA records of hosts that an insecure MX answer named,
        /// MXSEL_INSECURE_MX_*; dane (RFC 7672, 2.2.1).
        DaneInsecureMx = MXSEL_OPT_DANE_INSECURE_MX,
    }
}

numbers! {
    /// Order of the families within a host: [`Setting::Family`].
    Family, nameless {
        /// Alternate, IPv6 first.
        Interleave = MXSEL_FAMILY_INTERLEAVE,
        /// Alternate, first one at random.
        Any = MXSEL_FAMILY_ANY,
        /// All IPv6, then all IPv4.
        V6First = MXSEL_FAMILY_V6_FIRST,
        /// All IPv4, then all IPv6.
        V4First = MXSEL_FAMILY_V4_FIRST,
        /// IPv4 is switched off here.
        V6Only = MXSEL_FAMILY_V6_ONLY,
        /// IPv6 is switched off here.
        V4Only = MXSEL_FAMILY_V4_ONLY,
    }
}

numbers! {
    /// What is shuffled among equals: [`Setting::Shuffle`].
    Shuffle, nameless {
        /// Every host the same share.
        Hosts = MXSEL_SHUFFLE_HOSTS,
        /// Every address the same share.
        Addresses = MXSEL_SHUFFLE_ADDRESSES,
        /// By name, always the same.
        None = MXSEL_SHUFFLE_NONE,
    }
}

numbers! {
    /// [`Setting::DaneInsecureMx`].
    InsecureMx, nameless {
        /// As those of a secure one.
        Dane = MXSEL_INSECURE_MX_DANE,
        /// TLS is required, no more.
        Encrypt = MXSEL_INSECURE_MX_ENCRYPT,
        /// Not looked up.
        May = MXSEL_INSECURE_MX_MAY,
    }
}

numbers! {
    /// An integer setting of a [`Cache`](crate::Cache).
    CacheSetting, nameless {
        /// Longest time anything is kept, seconds, 0..2147483647; 86400.
        MaxTtl = MXSEL_CACHE_MAX_TTL,
        /// Longest time a negative answer is kept, seconds, 0..86400; 10800
        /// (RFC 2308, 5).
        MaxNegativeTtl = MXSEL_CACHE_MAX_NEGATIVE_TTL,
        /// How long a failure (SERVFAIL, nobody answered) is remembered,
        /// seconds, 0..300; 5 (RFC 9520, 3.2). 0: not.
        FailureTtl = MXSEL_CACHE_FAILURE_TTL,
        /// So many seconds beyond their end hosts and addresses may still be
        /// used when asking anew failed (RFC 8767), 0..604800; 0: never. That
        /// there was nothing is not used so: it could bounce mail.
        Stale = MXSEL_CACHE_STALE,
    }
}

numbers! {
    /// A counter of a [`Cache`](crate::Cache).
    CacheStatistic, nameless {
        /// Questions that were answered.
        Hits = MXSEL_CACHE_HITS,
        /// Questions that were not.
        Misses = MXSEL_CACHE_MISSES,
        /// Answered after their end.
        StaleHits = MXSEL_CACHE_STALE_HITS,
        /// Answers that were kept.
        Stored = MXSEL_CACHE_STORED,
        /// Dropped for room before their end.
        Evicted = MXSEL_CACHE_EVICTED,
        /// Names that are there now.
        Names = MXSEL_CACHE_NAMES,
        /// Octets in use now, indexes included.
        Bytes = MXSEL_CACHE_BYTES,
    }
}

numbers! {
    /// An integer setting of a [`Memory`](crate::Memory).
    MemorySetting, nameless {
        /// A score halves in so many seconds, 1..86400; 30.
        HalfLife = MXSEL_MEMORY_HALF_LIFE,
        /// So many of 1000 times one that failed is left in its place,
        /// 0..1000; 5.
        Explore = MXSEL_MEMORY_EXPLORE,
        /// What was not heard of for so many seconds is forgotten,
        /// 60..2592000; 86400.
        Keep = MXSEL_MEMORY_KEEP,
        /// 1: selections only read it, for plans that nobody carries out; 0.
        ReadOnly = MXSEL_MEMORY_READ_ONLY,
    }
}

numbers! {
    /// A counter of a [`Memory`](crate::Memory).
    MemoryStatistic, nameless {
        /// Hosts and addresses known now.
        Entries = MXSEL_MEMORY_ENTRIES,
        /// Octets in use now, indexes included.
        Bytes = MXSEL_MEMORY_BYTES,
        /// Outcomes that were told.
        Reports = MXSEL_MEMORY_REPORTS,
        /// Forgotten for room.
        Evicted = MXSEL_MEMORY_EVICTED,
        /// Hosts, addresses put behind others.
        Behind = MXSEL_MEMORY_BEHIND,
        /// Failed ones that were tried again.
        Probes = MXSEL_MEMORY_PROBES,
    }
}

numbers! {
    /// An integer setting of an [`Engine`](crate::Engine).
    EngineSetting, nameless {
        /// Longest time for one question over all servers and tries,
        /// milliseconds, 1..600000; 10000. Waiting in the engine counts. The
        /// selection's time limit holds besides, from mxsel_engine_next() on.
        QueryTime = MXSEL_ENGINE_QUERY_TIME,
        /// Questions in flight over UDP to one server at most, 1..4096; 1024.
        /// How many really are follows from what the server takes.
        InFlight = MXSEL_ENGINE_IN_FLIGHT,
        /// 1: letters of the names asked over UDP are upper or lower case at
        /// random, and an answer must repeat them exactly; one that does not is
        /// asked again over TCP. 0 or 1; 0.
        MixCase = MXSEL_ENGINE_MIX_CASE,
        /// Whether the AD bit counts, -1..1; -1: as mxsel_ldns_set_trust_ad()
        /// says.
        TrustAd = MXSEL_ENGINE_TRUST_AD,
    }
}

numbers! {
    /// A counter of those who ask.
    Statistic, nameless {
        /// Questions sent over UDP.
        SentUdp = MXSEL_LDNS_SENT_UDP,
        /// Questions sent over TCP.
        SentTcp = MXSEL_LDNS_SENT_TCP,
        /// Datagrams that answered nothing asked, or in letters of other case.
        Mismatched = MXSEL_LDNS_MISMATCHED,
        /// Answers that broke the wire format.
        Malformed = MXSEL_LDNS_MALFORMED,
        /// Tries that nobody answered in time.
        Timeouts = MXSEL_LDNS_TIMEOUTS,
        /// Answers that had to be asked over TCP.
        Truncated = MXSEL_LDNS_TRUNCATED,
        /// Questions that joined one under way.
        Coalesced = MXSEL_LDNS_COALESCED,
        /// Sockets that are open now.
        Sockets = MXSEL_LDNS_SOCKETS,
        /// TCP connections that were made.
        Connected = MXSEL_LDNS_CONNECTED,
    }
}
