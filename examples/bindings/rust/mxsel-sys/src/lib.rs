//! The C interface of libmxsel and libmxsel-ldns as it is: every function,
//! type and constant, nothing else. What each does stands in its manual page
//! (`man 3 mxsel` names them). The crate `mxsel` is the one to use.
//!
//! `tests/declarations.rs` holds every line against the declarations that
//! libmxsel itself comes with.

#![allow(non_camel_case_types)]

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_int, c_void};

mod constants;
pub use constants::*;

/// A type of which only pointers are known.
macro_rules! opaque {
    ($name:ident) => {
        #[repr(C)]
        pub struct $name {
            nothing: [u8; 0],
            marker: PhantomData<(*mut u8, PhantomPinned)>,
        }
    };
}

opaque!(sockaddr);
opaque!(mxsel);
opaque!(mxsel_options);
opaque!(mxsel_query);
opaque!(mxsel_resolver);
opaque!(mxsel_cache);
opaque!(mxsel_memory);
opaque!(mxsel_store);
opaque!(mxsel_sts);
pub type mxsel_alloc_fn = Option<
    unsafe extern "C" fn(
        pointer: *mut c_void,
        size: usize,
        user: *mut c_void,
    ) -> *mut c_void,
>;
pub type mxsel_rank_fn = Option<
    unsafe extern "C" fn(host: *const c_char, user: *mut c_void) -> c_int,
>;
pub type mxsel_idn_fn = Option<
    unsafe extern "C" fn(
        name: *const c_char,
        length: usize,
        out: *mut c_char,
        user: *mut c_void,
    ) -> c_int,
>;
pub type mxsel_record_fn =
    Option<unsafe extern "C" fn(line: *const c_char, user: *mut c_void)>;
pub type mxsel_resolve_fn =
    Option<unsafe extern "C" fn(query: *mut mxsel_query, user: *mut c_void)>;
pub type mxsel_cancel_fn =
    Option<unsafe extern "C" fn(query: *mut mxsel_query, user: *mut c_void)>;
pub type mxsel_wait_fn = Option<
    unsafe extern "C" fn(selection: *mut mxsel, user: *mut c_void) -> c_int,
>;
pub type mxsel_release_fn = Option<unsafe extern "C" fn(user: *mut c_void)>;
pub type mxsel_clock_fn =
    Option<unsafe extern "C" fn(user: *mut c_void) -> u64>;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct mxsel_memory_entry {
    pub name: [c_char; 256],
    pub kind: c_int,
    pub port: c_int,
    pub score: u32,
    pub age: u32,
    pub outcomes: [u8; 8],
    pub code: c_int,
    pub works: c_int,
    pub turn: c_int,
    pub doubt: c_int,
    pub again: [c_char; 48],
}
pub type mxsel_store_get_fn = Option<
    unsafe extern "C" fn(
        entries: *mut mxsel_memory_entry,
        count: usize,
        half_life: u32,
        budget: u32,
        user: *mut c_void,
    ) -> c_int,
>;
pub type mxsel_store_record_fn = Option<
    unsafe extern "C" fn(
        entry: *const mxsel_memory_entry,
        change: c_int,
        half_life: u32,
        user: *mut c_void,
    ),
>;
opaque!(mxsel_engine);

extern "C" {
    pub fn mxsel_strerror(error: c_int) -> *const c_char;
    pub fn mxsel_version() -> *const c_char;
    pub fn mxsel_options_new(out: *mut *mut mxsel_options) -> c_int;
    pub fn mxsel_options_new_with_allocator(
        out: *mut *mut mxsel_options,
        allocate: mxsel_alloc_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_options_copy(
        out: *mut *mut mxsel_options,
        options: *const mxsel_options,
    ) -> c_int;
    pub fn mxsel_options_free(options: *mut mxsel_options);
    pub fn mxsel_options_set(
        options: *mut mxsel_options,
        option: c_int,
        value: c_int,
    ) -> c_int;
    pub fn mxsel_options_get(
        options: *const mxsel_options,
        option: c_int,
    ) -> c_int;
    pub fn mxsel_option_name(option: c_int) -> *const c_char;
    pub fn mxsel_options_set_seed(
        options: *mut mxsel_options,
        seed: u64,
    ) -> c_int;
    pub fn mxsel_options_set_resolver(
        options: *mut mxsel_options,
        resolver: *mut mxsel_resolver,
    ) -> c_int;
    pub fn mxsel_options_set_cache(
        options: *mut mxsel_options,
        cache: *mut mxsel_cache,
    ) -> c_int;
    pub fn mxsel_options_add_self_name(
        options: *mut mxsel_options,
        name: *const c_char,
    ) -> c_int;
    pub fn mxsel_options_add_self_address(
        options: *mut mxsel_options,
        address: *const c_char,
    ) -> c_int;
    pub fn mxsel_options_allow_network(
        options: *mut mxsel_options,
        network: *const c_char,
    ) -> c_int;
    pub fn mxsel_options_add_nat64(
        options: *mut mxsel_options,
        prefix: *const c_char,
    ) -> c_int;
    pub fn mxsel_options_refuse_exchange(
        options: *mut mxsel_options,
        pattern: *const c_char,
        code: c_int,
        status: *const c_char,
        text: *const c_char,
    ) -> c_int;
    pub fn mxsel_options_set_rank(
        options: *mut mxsel_options,
        rank: mxsel_rank_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_options_set_idn(
        options: *mut mxsel_options,
        idn: mxsel_idn_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_options_set_recorder(
        options: *mut mxsel_options,
        record: mxsel_record_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_new(
        out: *mut *mut mxsel,
        destination: *const c_char,
        options: *const mxsel_options,
    ) -> c_int;
    pub fn mxsel_new_bytes(
        out: *mut *mut mxsel,
        destination: *const c_char,
        length: usize,
        options: *const mxsel_options,
    ) -> c_int;
    pub fn mxsel_reset(m: *mut mxsel, destination: *const c_char) -> c_int;
    pub fn mxsel_reset_bytes(
        m: *mut mxsel,
        destination: *const c_char,
        length: usize,
    ) -> c_int;
    pub fn mxsel_set_cancel(
        m: *mut mxsel,
        cancel: Option<
            unsafe extern "C" fn(query: *mut mxsel_query, user: *mut c_void),
        >,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_cancel_user(
        m: *const mxsel,
        cancel: Option<
            unsafe extern "C" fn(query: *mut mxsel_query, user: *mut c_void),
        >,
    ) -> *mut c_void;
    pub fn mxsel_set_user(m: *mut mxsel, user: *mut c_void) -> c_int;
    pub fn mxsel_user(m: *const mxsel) -> *mut c_void;
    pub fn mxsel_free(m: *mut mxsel);
    pub fn mxsel_next(m: *mut mxsel) -> c_int;
    pub fn mxsel_next_host(m: *mut mxsel) -> c_int;
    pub fn mxsel_rewind(m: *mut mxsel) -> c_int;
    pub fn mxsel_save(
        m: *const mxsel,
        bytes: *mut u8,
        size: *mut usize,
    ) -> c_int;
    pub fn mxsel_resume(
        out: *mut *mut mxsel,
        bytes: *const u8,
        size: usize,
        options: *const mxsel_options,
    ) -> c_int;
    pub fn mxsel_destination(m: *const mxsel) -> *const c_char;
    pub fn mxsel_original_domain(m: *const mxsel) -> *const c_char;
    pub fn mxsel_domain(m: *const mxsel) -> *const c_char;
    pub fn mxsel_source(m: *const mxsel) -> c_int;
    pub fn mxsel_source_name(source: c_int) -> *const c_char;
    pub fn mxsel_is_secure(m: *const mxsel) -> c_int;
    pub fn mxsel_flags(m: *const mxsel) -> u32;
    pub fn mxsel_flag_name(flag: u32) -> *const c_char;
    pub fn mxsel_ttl(m: *const mxsel) -> u32;
    pub fn mxsel_query_count(m: *const mxsel) -> usize;
    pub fn mxsel_seed(m: *mut mxsel, seed: *mut u64) -> c_int;
    pub fn mxsel_host_name(m: *const mxsel) -> *const c_char;
    pub fn mxsel_host_canonical(m: *const mxsel) -> *const c_char;
    pub fn mxsel_host_preference(m: *const mxsel) -> c_int;
    pub fn mxsel_host_rank(m: *const mxsel) -> c_int;
    pub fn mxsel_host_source(m: *const mxsel) -> c_int;
    pub fn mxsel_host_is_incomplete(m: *const mxsel) -> c_int;
    pub fn mxsel_address_is_secure(m: *const mxsel) -> c_int;
    pub fn mxsel_address(m: *const mxsel) -> *const c_char;
    pub fn mxsel_port(m: *const mxsel) -> c_int;
    pub fn mxsel_sockaddr(
        m: *const mxsel,
        sa: *mut sockaddr,
        size: *mut usize,
    ) -> c_int;
    pub fn mxsel_report(
        m: *mut mxsel,
        outcome: c_int,
        reply_code: c_int,
        reply_text: *const c_char,
    ) -> c_int;
    pub fn mxsel_outcome_name(outcome: c_int) -> *const c_char;
    pub fn mxsel_verdict_action(m: *const mxsel) -> c_int;
    pub fn mxsel_action_name(action: c_int) -> *const c_char;
    pub fn mxsel_verdict_reason(m: *const mxsel) -> c_int;
    pub fn mxsel_verdict_code(m: *const mxsel) -> c_int;
    pub fn mxsel_verdict_status(m: *const mxsel) -> *const c_char;
    pub fn mxsel_verdict_text(m: *const mxsel) -> *const c_char;
    pub fn mxsel_verdict_reply(m: *const mxsel) -> *const c_char;
    pub fn mxsel_verdict_host(m: *const mxsel) -> *const c_char;
    pub fn mxsel_reason_name(reason: c_int) -> *const c_char;
    pub fn mxsel_rejected_count(m: *const mxsel) -> usize;
    pub fn mxsel_rejected(
        m: *const mxsel,
        index: usize,
        reason: *mut c_int,
        preference: *mut c_int,
        subject: *mut *const c_char,
    ) -> c_int;
    pub fn mxsel_reject_name(reject: c_int) -> *const c_char;
    pub fn mxsel_reject_rule(reject: c_int) -> *const c_char;
    pub fn mxsel_trace_count(m: *const mxsel) -> usize;
    pub fn mxsel_trace_event(
        m: *const mxsel,
        index: usize,
        code: *mut c_int,
        subject: *mut *const c_char,
        detail: *mut *const c_char,
        rule: *mut *const c_char,
    ) -> c_int;
    pub fn mxsel_trace_name(code: c_int) -> *const c_char;
    pub fn mxsel_query_take(m: *mut mxsel) -> *mut mxsel_query;
    pub fn mxsel_query_selection(q: *const mxsel_query) -> *mut mxsel;
    pub fn mxsel_query_name(q: *const mxsel_query) -> *const c_char;
    pub fn mxsel_query_type(q: *const mxsel_query) -> u16;
    pub fn mxsel_query_set_user(
        q: *mut mxsel_query,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_query_user(q: *const mxsel_query) -> *mut c_void;
    pub fn mxsel_is_waiting(m: *const mxsel) -> c_int;
    pub fn mxsel_query_packet(
        q: *const mxsel_query,
        id: u16,
        flags: c_int,
        buffer: *mut u8,
        size: *mut usize,
    ) -> c_int;
    pub fn mxsel_answer_packet(
        q: *mut mxsel_query,
        packet: *const u8,
        size: usize,
        security: c_int,
    ) -> c_int;
    pub fn mxsel_answer_mx(
        q: *mut mxsel_query,
        preference: u16,
        exchange: *const c_char,
        ttl: u32,
    ) -> c_int;
    pub fn mxsel_answer_address(
        q: *mut mxsel_query,
        bytes: *const u8,
        length: usize,
        ttl: u32,
    ) -> c_int;
    pub fn mxsel_answer_address_text(
        q: *mut mxsel_query,
        address: *const c_char,
        ttl: u32,
    ) -> c_int;
    pub fn mxsel_answer_tlsa(
        q: *mut mxsel_query,
        usage: c_int,
        selector: c_int,
        matching: c_int,
        data: *const u8,
        length: usize,
        ttl: u32,
    ) -> c_int;
    pub fn mxsel_answer_alias(
        q: *mut mxsel_query,
        target: *const c_char,
        ttl: u32,
    ) -> c_int;
    pub fn mxsel_answer_negative_ttl(q: *mut mxsel_query, ttl: u32) -> c_int;
    pub fn mxsel_answer_finish(
        q: *mut mxsel_query,
        outcome: c_int,
        security: c_int,
    ) -> c_int;
    pub fn mxsel_resolver_new(
        out: *mut *mut mxsel_resolver,
        resolve: mxsel_resolve_fn,
        cancel: mxsel_cancel_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_resolver_set_wait(
        r: *mut mxsel_resolver,
        wait: mxsel_wait_fn,
    ) -> c_int;
    pub fn mxsel_resolver_set_release(
        r: *mut mxsel_resolver,
        release: mxsel_release_fn,
    ) -> c_int;
    pub fn mxsel_resolver_set_bypass(
        r: *mut mxsel_resolver,
        bypass: c_int,
    ) -> c_int;
    pub fn mxsel_resolver_user(
        r: *const mxsel_resolver,
        resolve: mxsel_resolve_fn,
    ) -> *mut c_void;
    pub fn mxsel_resolver_free(r: *mut mxsel_resolver);
    pub fn mxsel_time_left(m: *const mxsel) -> u32;
    pub fn mxsel_time_spent(m: *mut mxsel, milliseconds: u32) -> c_int;
    pub fn mxsel_cache_new(
        out: *mut *mut mxsel_cache,
        bytes: usize,
        clock: mxsel_clock_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_cache_set(
        cache: *mut mxsel_cache,
        setting: c_int,
        value: c_int,
    ) -> c_int;
    pub fn mxsel_cache_statistic(
        cache: *const mxsel_cache,
        which: c_int,
    ) -> u64;
    pub fn mxsel_cache_forget(
        cache: *mut mxsel_cache,
        name: *const c_char,
    ) -> c_int;
    pub fn mxsel_cache_free(cache: *mut mxsel_cache);
    pub fn mxsel_memory_new(
        out: *mut *mut mxsel_memory,
        bytes: usize,
        clock: mxsel_clock_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_memory_free(memory: *mut mxsel_memory);
    pub fn mxsel_memory_set(
        memory: *mut mxsel_memory,
        setting: c_int,
        value: c_int,
    ) -> c_int;
    pub fn mxsel_memory_statistic(
        memory: *const mxsel_memory,
        which: c_int,
    ) -> u64;
    pub fn mxsel_options_set_memory(
        options: *mut mxsel_options,
        memory: *mut mxsel_memory,
    ) -> c_int;
    pub fn mxsel_memory_report(
        memory: *mut mxsel_memory,
        host: *const c_char,
        address: *const c_char,
        port: c_int,
        outcome: c_int,
        reply_code: c_int,
        reply_text: *const c_char,
    ) -> c_int;
    pub fn mxsel_memory_get(
        memory: *const mxsel_memory,
        name: *const c_char,
        port: c_int,
        out: *mut mxsel_memory_entry,
    ) -> c_int;
    pub fn mxsel_memory_put(
        memory: *mut mxsel_memory,
        entry: *const mxsel_memory_entry,
    ) -> c_int;
    pub fn mxsel_memory_next(
        memory: *const mxsel_memory,
        place: *mut u64,
        out: *mut mxsel_memory_entry,
    ) -> c_int;
    pub fn mxsel_memory_forget(
        memory: *mut mxsel_memory,
        name: *const c_char,
    ) -> c_int;
    pub fn mxsel_memory_format(
        entry: *const mxsel_memory_entry,
        text: *mut c_char,
        size: usize,
    ) -> c_int;
    pub fn mxsel_memory_parse(
        entry: *mut mxsel_memory_entry,
        text: *const c_char,
        length: usize,
    ) -> c_int;
    pub fn mxsel_memory_save(
        memory: *const mxsel_memory,
        path: *const c_char,
    ) -> c_int;
    pub fn mxsel_memory_load(
        memory: *mut mxsel_memory,
        path: *const c_char,
    ) -> c_int;
    pub fn mxsel_store_new(
        out: *mut *mut mxsel_store,
        get: mxsel_store_get_fn,
        record: mxsel_store_record_fn,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_store_set_release(
        store: *mut mxsel_store,
        release: mxsel_release_fn,
    ) -> c_int;
    pub fn mxsel_store_free(store: *mut mxsel_store);
    pub fn mxsel_store_new_memory(
        out: *mut *mut mxsel_store,
        shared: *mut mxsel_memory,
    ) -> c_int;
    pub fn mxsel_memory_set_store(
        memory: *mut mxsel_memory,
        store: *mut mxsel_store,
    ) -> c_int;
    pub fn mxsel_store_get(
        store: *mut mxsel_store,
        entries: *mut mxsel_memory_entry,
        count: usize,
        half_life: u32,
        budget: u32,
    ) -> c_int;
    pub fn mxsel_posture(m: *const mxsel) -> c_int;
    pub fn mxsel_posture_reason(m: *const mxsel) -> c_int;
    pub fn mxsel_posture_name(posture: c_int) -> *const c_char;
    pub fn mxsel_posture_reason_name(reason: c_int) -> *const c_char;
    pub fn mxsel_posture_rule(reason: c_int) -> *const c_char;
    pub fn mxsel_tls_name(m: *const mxsel) -> *const c_char;
    pub fn mxsel_tls_identity_count(m: *const mxsel) -> usize;
    pub fn mxsel_tls_identity(m: *const mxsel, index: usize) -> *const c_char;
    pub fn mxsel_dane(m: *const mxsel) -> c_int;
    pub fn mxsel_dane_name(dane: c_int) -> *const c_char;
    pub fn mxsel_tlsa_base(m: *const mxsel) -> *const c_char;
    pub fn mxsel_tlsa_count(m: *const mxsel) -> usize;
    pub fn mxsel_tlsa(
        m: *const mxsel,
        index: usize,
        usage: *mut c_int,
        selector: *mut c_int,
        matching: *mut c_int,
        data: *mut *const u8,
        length: *mut usize,
    ) -> c_int;
    pub fn mxsel_set_tls(m: *mut mxsel, tls: c_int) -> c_int;
    pub fn mxsel_tls(m: *const mxsel) -> c_int;
    pub fn mxsel_sts_id(
        id: *mut c_char,
        texts: *const *const c_char,
        lengths: *const usize,
        count: usize,
    ) -> c_int;
    pub fn mxsel_sts_new(
        out: *mut *mut mxsel_sts,
        domain: *const c_char,
        body: *const c_char,
        size: usize,
        fetched: u64,
    ) -> c_int;
    pub fn mxsel_sts_check(
        body: *const c_char,
        size: usize,
        line: *mut usize,
        why: *mut *const c_char,
    ) -> c_int;
    pub fn mxsel_sts_domain(policy: *const mxsel_sts) -> *const c_char;
    pub fn mxsel_sts_mode(policy: *const mxsel_sts) -> c_int;
    pub fn mxsel_sts_mode_name(mode: c_int) -> *const c_char;
    pub fn mxsel_sts_max_age(policy: *const mxsel_sts) -> u32;
    pub fn mxsel_sts_expires(policy: *const mxsel_sts) -> u64;
    pub fn mxsel_sts_mx_count(policy: *const mxsel_sts) -> usize;
    pub fn mxsel_sts_mx(
        policy: *const mxsel_sts,
        index: usize,
    ) -> *const c_char;
    pub fn mxsel_sts_matches(
        policy: *const mxsel_sts,
        host: *const c_char,
    ) -> c_int;
    pub fn mxsel_sts_free(policy: *mut mxsel_sts);
    pub fn mxsel_set_sts(
        m: *mut mxsel,
        policy: *const mxsel_sts,
        now: u64,
    ) -> c_int;
    pub fn mxsel_tlsrpt_policy_name(policy: c_int) -> *const c_char;
    pub fn mxsel_tlsrpt_result_name(result: c_int) -> *const c_char;
    pub fn mxsel_tlsrpt_policy(m: *const mxsel) -> c_int;
    pub fn mxsel_report_tls(m: *mut mxsel, result: c_int) -> c_int;
    pub fn mxsel_tlsrpt_count(m: *const mxsel) -> usize;
    pub fn mxsel_tlsrpt(
        m: *const mxsel,
        index: usize,
        host: *mut *const c_char,
        address: *mut *const c_char,
        policy: *mut c_int,
        result: *mut c_int,
    ) -> c_int;
}

extern "C" {
    pub fn mxsel_ldns_new(
        out: *mut *mut mxsel_resolver,
        resolv_conf: *const c_char,
    ) -> c_int;
    pub fn mxsel_ldns_add_server(
        r: *mut mxsel_resolver,
        server: *const c_char,
    ) -> c_int;
    pub fn mxsel_ldns_set_query_time(
        r: *mut mxsel_resolver,
        milliseconds: c_int,
    ) -> c_int;
    pub fn mxsel_ldns_set_mix_case(r: *mut mxsel_resolver, on: c_int) -> c_int;
    pub fn mxsel_ldns_set_trust_ad(
        r: *mut mxsel_resolver,
        trust: c_int,
    ) -> c_int;
    pub fn mxsel_ldns_trusts_ad(r: *const mxsel_resolver) -> c_int;
    pub fn mxsel_ldns_select(
        out: *mut *mut mxsel,
        destination: *const c_char,
        server: *const c_char,
    ) -> c_int;
    pub fn mxsel_ldns_statistic(r: *const mxsel_resolver, which: c_int) -> u64;
    pub fn mxsel_engine_new(
        out: *mut *mut mxsel_engine,
        resolv_conf: *const c_char,
    ) -> c_int;
    pub fn mxsel_engine_add_server(
        e: *mut mxsel_engine,
        server: *const c_char,
    ) -> c_int;
    pub fn mxsel_engine_set(
        e: *mut mxsel_engine,
        setting: c_int,
        value: c_int,
    ) -> c_int;
    pub fn mxsel_engine_next(e: *mut mxsel_engine, m: *mut mxsel) -> c_int;
    pub fn mxsel_engine_ready(e: *mut mxsel_engine) -> *mut mxsel;
    pub fn mxsel_engine_cancel(e: *mut mxsel_engine, m: *mut mxsel) -> c_int;
    pub fn mxsel_engine_fd(e: *const mxsel_engine) -> c_int;
    pub fn mxsel_engine_timeout(e: *const mxsel_engine) -> c_int;
    pub fn mxsel_engine_process(e: *mut mxsel_engine) -> c_int;
    pub fn mxsel_engine_wait(
        e: *mut mxsel_engine,
        milliseconds: c_int,
    ) -> c_int;
    pub fn mxsel_engine_count(e: *const mxsel_engine) -> usize;
    pub fn mxsel_engine_queued(e: *const mxsel_engine) -> usize;
    pub fn mxsel_engine_statistic(e: *const mxsel_engine, which: c_int) -> u64;
    pub fn mxsel_engine_free(e: *mut mxsel_engine);
    pub fn mxsel_ldns_clock(user: *mut c_void) -> u64;
    pub fn mxsel_ldns_time_of_day(user: *mut c_void) -> u64;
    pub fn mxsel_ldns_zone_new(
        out: *mut *mut mxsel_resolver,
        files: *const *const c_char,
        count: usize,
    ) -> c_int;
    pub fn mxsel_ldns_zone_text_new(
        out: *mut *mut mxsel_resolver,
        text: *const c_char,
    ) -> c_int;
    pub fn mxsel_ldns_add_interfaces(options: *mut mxsel_options) -> c_int;
}

#[cfg(feature = "idn2")]
extern "C" {
    pub fn mxsel_idn2_use(options: *mut mxsel_options) -> c_int;
    pub fn mxsel_idn2_to_ascii(
        name: *const c_char,
        length: usize,
        out: *mut c_char,
        user: *mut c_void,
    ) -> c_int;
    pub fn mxsel_idn2_to_display(
        name: *const c_char,
        out: *mut c_char,
        size: *mut usize,
    ) -> c_int;
}
