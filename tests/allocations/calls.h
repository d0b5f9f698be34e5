/*
 * Stands before each file of the scenario player (-include) and has every
 * call of the library that may need memory, or much of the stack, announced:
 * so that the same player, unchanged, shows what becomes of a call that is
 * refused. May use <mxsel/security.h>.
 */
#ifndef TESTS_ALLOCATIONS_CALLS_H
#define TESTS_ALLOCATIONS_CALLS_H

#define _POSIX_C_SOURCE 200809L /* as the player's own files have it */

#include <stddef.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

/* What a program that links the player gives. */
void call_begin(const char *name);
void call_end(void);
int call_again(int rc);  /* was it refused, and shall it be made again? */
int call_record(const mxsel_query *q); /* shall this record be added? */
void call_recorded(int rc); /* it was; no second time, whatever it said */
void *call_memory(void *pointer, size_t size, void *user);

#define CALLED(name, call, again) __extension__ ({ \
		int call_rc; \
		do { \
			call_begin(name); \
			call_rc = (call); \
			call_end(); \
		} while (again(call_rc)); \
		call_rc; \
	})
#define CALL_ONCE(rc) 0
#define CALL(name, call) CALLED(name, call, call_again)
#define RECORD(name, q, call) __extension__ ({ \
		int record_rc = call_record(q) \
			? CALLED(name, call, CALL_ONCE) : MXSEL_ENOMEM; \
		call_recorded(record_rc); \
		record_rc; \
	})
#define RELEASE(name, call) (call_begin(name), (call), call_end())

#define mxsel_options_new(o) CALL("mxsel_options_new", \
	mxsel_options_new_with_allocator((o), call_memory, NULL))
#define mxsel_options_set(o, option, value) CALL("mxsel_options_set", \
	mxsel_options_set((o), (option), (value)))
#define mxsel_options_set_seed(o, seed) CALL("mxsel_options_set_seed", \
	mxsel_options_set_seed((o), (seed)))
#define mxsel_options_set_resolver(o, r) CALL("mxsel_options_set_resolver", \
	mxsel_options_set_resolver((o), (r)))
#define mxsel_options_add_self_name(o, name) CALL( \
	"mxsel_options_add_self_name", mxsel_options_add_self_name((o), \
	(name)))
#define mxsel_options_add_self_address(o, address) CALL( \
	"mxsel_options_add_self_address", mxsel_options_add_self_address( \
	(o), (address)))
#define mxsel_options_allow_network(o, network) CALL( \
	"mxsel_options_allow_network", mxsel_options_allow_network((o), \
	(network)))
#define mxsel_options_add_nat64(o, prefix) CALL("mxsel_options_add_nat64", \
	mxsel_options_add_nat64((o), (prefix)))
#define mxsel_options_refuse_exchange(o, pattern, code, status, text) CALL( \
	"mxsel_options_refuse_exchange", mxsel_options_refuse_exchange((o), \
	(pattern), (code), (status), (text)))
#define mxsel_options_free(o) RELEASE("mxsel_options_free", \
	mxsel_options_free(o))

#define mxsel_resolver_new(r, resolve, cancel, user) CALL( \
	"mxsel_resolver_new", mxsel_resolver_new((r), (resolve), (cancel), \
	(user)))
#define mxsel_resolver_free(r) RELEASE("mxsel_resolver_free", \
	mxsel_resolver_free(r))

#define mxsel_new_bytes(m, destination, length, o) CALL("mxsel_new_bytes", \
	mxsel_new_bytes((m), (destination), (length), (o)))
#define mxsel_reset(m, destination) CALL("mxsel_reset", \
	mxsel_reset((m), (destination)))
#define mxsel_reset_bytes(m, destination, length) CALL("mxsel_reset_bytes", \
	mxsel_reset_bytes((m), (destination), (length)))
#define mxsel_next(m) CALL("mxsel_next", mxsel_next(m))
/* The host is left, whatever it says; mxsel_next() goes on from there. */
#define mxsel_next_host(m) __extension__ ({ \
		int left_rc = CALLED("mxsel_next_host", mxsel_next_host(m), \
			CALL_ONCE); \
		call_again(left_rc) ? mxsel_next(m) : left_rc; \
	})
#define mxsel_rewind(m) CALL("mxsel_rewind", mxsel_rewind(m))
#define mxsel_report(m, outcome, code, text) CALL("mxsel_report", \
	mxsel_report((m), (outcome), (code), (text)))
#define mxsel_report_tls(m, result) CALL("mxsel_report_tls", \
	mxsel_report_tls((m), (result)))
#define mxsel_free(m) RELEASE("mxsel_free", mxsel_free(m))

#define mxsel_set_tls(m, tls) CALL("mxsel_set_tls", \
	mxsel_set_tls((m), (tls)))
#define mxsel_sts_new(sts, domain, body, size, fetched) CALL( \
	"mxsel_sts_new", mxsel_sts_new((sts), (domain), (body), (size), \
	(fetched)))
#define mxsel_set_sts(m, sts, now) CALL("mxsel_set_sts", \
	mxsel_set_sts((m), (sts), (now)))
#define mxsel_sts_free(sts) RELEASE("mxsel_sts_free", mxsel_sts_free(sts))

#define mxsel_answer_mx(q, preference, exchange, ttl) RECORD( \
	"mxsel_answer_mx", (q), mxsel_answer_mx((q), (preference), (exchange), \
	(ttl)))
#define mxsel_answer_address(q, bytes, length, ttl) RECORD( \
	"mxsel_answer_address", (q), mxsel_answer_address((q), (bytes), \
	(length), (ttl)))
#define mxsel_answer_alias(q, target, ttl) RECORD("mxsel_answer_alias", (q), \
	mxsel_answer_alias((q), (target), (ttl)))
#define mxsel_answer_tlsa(q, usage, selector, matching, data, length, ttl) \
	RECORD("mxsel_answer_tlsa", (q), mxsel_answer_tlsa((q), (usage), \
	(selector), (matching), (data), (length), (ttl)))
#define mxsel_answer_packet(q, packet, size, security) CALL( \
	"mxsel_answer_packet", mxsel_answer_packet((q), (packet), (size), \
	(security)))
#define mxsel_answer_finish(q, outcome, security) CALL( \
	"mxsel_answer_finish", mxsel_answer_finish((q), (outcome), \
	(security)))

#endif
