# The sources of each library: read by the Makefile here, and by anyone who
# keeps a copy of lib/ in a tree of his own. tests/lint/sources.sh holds the
# lists against the folders.

# libmxsel, the core: libc alone, compiles without configure.
CORE_SRC := \
	lib/base/arena.c \
	lib/base/error.c \
	lib/base/random.c \
	lib/cache/cache.c \
	lib/cache/hash.c \
	lib/cache/index.c \
	lib/cache/locks.c \
	lib/cache/memory.c \
	lib/cache/memory_entry.c \
	lib/cache/memory_file.c \
	lib/cache/memory_lines.c \
	lib/cache/memory_look.c \
	lib/cache/memory_store.c \
	lib/cache/memory_table.c \
	lib/cache/memory_tell.c \
	lib/cache/memory_text.c \
	lib/cache/pack.c \
	lib/cache/ring.c \
	lib/cache/shard.c \
	lib/name/address.c \
	lib/name/address_format.c \
	lib/name/name.c \
	lib/name/text.c \
	lib/policy/filter.c \
	lib/policy/outcome.c \
	lib/policy/posture.c \
	lib/policy/reject.c \
	lib/policy/self.c \
	lib/policy/sts_object.c \
	lib/policy/sts_pattern.c \
	lib/policy/sts_policy.c \
	lib/policy/sts_text.c \
	lib/policy/tlsa.c \
	lib/policy/tlsrpt_name.c \
	lib/policy/verdict.c \
	lib/rank/behind.c \
	lib/rank/family.c \
	lib/rank/order.c \
	lib/select/access.c \
	lib/select/answer.c \
	lib/select/ask.c \
	lib/select/cached.c \
	lib/select/candidate.c \
	lib/select/conclude.c \
	lib/select/dane.c \
	lib/select/dane_path.c \
	lib/select/dane_record.c \
	lib/select/destination.c \
	lib/select/fair.c \
	lib/select/gather.c \
	lib/select/host.c \
	lib/select/machine.c \
	lib/select/options.c \
	lib/select/plan.c \
	lib/select/query.c \
	lib/select/record.c \
	lib/select/rejected.c \
	lib/select/remember.c \
	lib/select/remember_addresses.c \
	lib/select/remember_say.c \
	lib/select/report.c \
	lib/select/resolver.c \
	lib/select/resume.c \
	lib/select/resume_read.c \
	lib/select/save.c \
	lib/select/security.c \
	lib/select/selection.c \
	lib/select/settle.c \
	lib/select/tlsrpt.c \
	lib/select/trace.c \
	lib/wire/alias.c \
	lib/wire/names.c \
	lib/wire/next.c \
	lib/wire/open.c \
	lib/wire/question.c \
	lib/wire/section.c \
	lib/wire/walk.c

# libmxsel-mock: public headers and libc alone.
MOCK_SRC := \
	lib/mock/mock.c \
	lib/mock/replay.c \
	lib/mock/replay_line.c \
	lib/mock/reply.c \
	lib/mock/rules.c \
	lib/mock/script.c

# libmxsel-idn2: public headers and libidn2.
IDN2_SRC := \
	lib/idn2/idn2.c \
	lib/idn2/label.c \
	lib/idn2/utf8.c

# libmxsel-unbound: public headers and libunbound.
UNBOUND_SRC := \
	lib/unbound/anchor.c \
	lib/unbound/answer.c \
	lib/unbound/blocking.c \
	lib/unbound/channel.c \
	lib/unbound/clock.c \
	lib/unbound/heap.c \
	lib/unbound/loop.c \
	lib/unbound/settings.c \
	lib/unbound/task.c \
	lib/unbound/unbound.c

# libmxsel-redis: public headers and hiredis.
REDIS_SRC := \
	lib/redis/call.c \
	lib/redis/clock.c \
	lib/redis/queue.c \
	lib/redis/reach.c \
	lib/redis/redis.c \
	lib/redis/script.c \
	lib/redis/settings.c \
	lib/redis/shelf.c \
	lib/redis/stream.c \
	lib/redis/worker.c

# libmxsel-ldns: public headers and ldns.
LDNS_SRC := \
	lib/ldns/batch.c \
	lib/ldns/conf.c \
	lib/ldns/dice.c \
	lib/ldns/engine.c \
	lib/ldns/engine_api.c \
	lib/ldns/interfaces.c \
	lib/ldns/lane.c \
	lib/ldns/letters.c \
	lib/ldns/poller.c \
	lib/ldns/port.c \
	lib/ldns/process.c \
	lib/ldns/question.c \
	lib/ldns/question_ask.c \
	lib/ldns/question_hear.c \
	lib/ldns/reply.c \
	lib/ldns/resolver.c \
	lib/ldns/select.c \
	lib/ldns/server.c \
	lib/ldns/stream.c \
	lib/ldns/sys.c \
	lib/ldns/table.c \
	lib/ldns/task.c \
	lib/ldns/wheel.c \
	lib/ldns/zone.c \
	lib/ldns/zone_answer.c \
	lib/ldns/zone_find.c \
	lib/ldns/zone_line.c \
	lib/ldns/zone_load.c \
	lib/ldns/zone_message.c \
	lib/ldns/zone_name.c
