/**
 * @file
 * @brief A scripted resolver for the tests of those who use libmxsel.
 *
 * Library libmxsel-mock; libc only. Says what a test tells it to say: records,
 * failures, delays on a virtual clock, silence, answers given twice. Names
 * that were never mentioned do not exist (NXDOMAIN), others without a record
 * of the type asked are NODATA; an exchange or a target alone does not exist.
 * Questions that are not answered in the selection's time limit end with
 * MXSEL_DNS_TIMEOUT. One thread at a time.
 */
#ifndef MXSEL_MOCK_H
#define MXSEL_MOCK_H

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A script and the resolver that follows it. */
typedef struct mxsel_mock mxsel_mock;

/**
 * @brief Make a mock that knows no name.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE when out is NULL.
 */
MXSEL_API int mxsel_mock_new(mxsel_mock **out);

/** @brief Free it, after the selections and options that use it. */
MXSEL_API void mxsel_mock_free(mxsel_mock *mock);

/**
 * @brief The resolver to give to mxsel_options_set_resolver().
 * @return the mock's own: not to be freed; NULL for NULL.
 */
MXSEL_API mxsel_resolver *mxsel_mock_resolver(mxsel_mock *mock);

/**
 * @brief Script an MX record.
 * @return 0; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_mock_mx(mxsel_mock *mock, const char *owner,
	uint16_t preference, const char *exchange, uint32_t ttl);

/**
 * @brief Script an A or AAAA record from the address's text.
 * @return as mxsel_mock_mx(); MXSEL_ESYNTAX when it is no address.
 */
MXSEL_API int mxsel_mock_address(mxsel_mock *mock, const char *owner,
	const char *address, uint32_t ttl);

/** @brief Script a CNAME record. @return as mxsel_mock_mx(). */
MXSEL_API int mxsel_mock_alias(mxsel_mock *mock, const char *owner,
	const char *target, uint32_t ttl);

/**
 * @brief Script a TLSA record: length octets of data.
 * @param owner with its port and protocol: "_25._tcp.mx.example.com".
 * @return as mxsel_mock_mx(); MXSEL_ERANGE for a field outside 0..255.
 */
MXSEL_API int mxsel_mock_tlsa(mxsel_mock *mock, const char *owner, int usage,
	int selector, int matching, const uint8_t *data, size_t length,
	uint32_t ttl);

/**
 * @brief Questions for name and type end with this MXSEL_DNS_* outcome.
 * @param type MXSEL_TYPE_*, 0: every type.
 * @return as mxsel_mock_mx(); MXSEL_ERANGE for no such outcome.
 */
MXSEL_API int mxsel_mock_fail(mxsel_mock *mock, const char *name,
	uint16_t type, int outcome);

/**
 * @brief Answers for name and type are of this MXSEL_SECURITY_*.
 * @return as mxsel_mock_fail().
 */
MXSEL_API int mxsel_mock_secure(mxsel_mock *mock, const char *name,
	uint16_t type, int security);

/**
 * @brief Answers come this many virtual milliseconds after the question.
 * @return as mxsel_mock_mx().
 */
MXSEL_API int mxsel_mock_delay(mxsel_mock *mock, const char *name,
	uint16_t type, uint32_t milliseconds);

/** How an answer misbehaves: mxsel_mock_misbehave(). */
enum {
	MXSEL_MOCK_NEVER = 1, /**< no answer at all */
	MXSEL_MOCK_TWICE = 2, /**< the answer is given again */
	MXSEL_MOCK_LATE = 3   /**< it comes after TIMEOUT was said */
};

/**
 * @brief Have answers for name and type misbehave.
 * @return as mxsel_mock_mx(); MXSEL_ERANGE for no such way.
 */
MXSEL_API int mxsel_mock_misbehave(mxsel_mock *mock, const char *name,
	uint16_t type, int how);

/**
 * @brief 1 (the start): mxsel_next() waits, on the virtual clock, and never
 *        returns MXSEL_LOOKUP. 0: answers come from mxsel_mock_advance().
 * @return 0; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_mock_set_blocking(mxsel_mock *mock, int blocking);

/**
 * @brief Let virtual time pass and give the answers that are due.
 * @return how many were given; MXSEL_EUSAGE.
 */
MXSEL_API int mxsel_mock_advance(mxsel_mock *mock, uint32_t milliseconds);

/** @return the virtual milliseconds that have passed. */
MXSEL_API uint64_t mxsel_mock_now(const mxsel_mock *mock);

/** @return how often name and type (0: any) were asked; name NULL: any. */
MXSEL_API size_t mxsel_mock_asked(const mxsel_mock *mock, const char *name,
	uint16_t type);

/** @return how many questions were cancelled. */
MXSEL_API size_t mxsel_mock_cancelled(const mxsel_mock *mock);

/** @return how many misplaced answers (twice, late) the library refused. */
MXSEL_API size_t mxsel_mock_refused(const mxsel_mock *mock);

/**
 * @brief Play back a record of mxsel_options_set_recorder().
 *
 * Its lines, each with a newline behind it. From now on each question gets
 * the very answer that was recorded for it, and one that was not recorded
 * ends with MXSEL_DNS_TIMEOUT; records and failures of the script mean
 * nothing any more. With the seed and the options of the recorded selection,
 * plan, trace and verdict are the same byte for byte.
 * @return 0; MXSEL_ESYNTAX when it is no record; MXSEL_ENOMEM; MXSEL_EUSAGE
 *         for NULL, or when a record is there already. After an error the
 *         mock is as it was.
 */
MXSEL_API int mxsel_mock_replay(mxsel_mock *mock, const char *text,
	size_t length);

/**
 * @brief The destination of the record, for mxsel_new_bytes().
 * @param length of the destination, which may hold NULs; may be NULL.
 * @return the destination; NULL without a record.
 */
MXSEL_API const char *mxsel_mock_replay_destination(const mxsel_mock *mock,
	size_t *length);

/**
 * @brief The seed of the record, for mxsel_options_set_seed().
 * @return 0; MXSEL_ERANGE when none was drawn; MXSEL_EUSAGE for NULL or
 *         without a record.
 */
MXSEL_API int mxsel_mock_replay_seed(const mxsel_mock *mock, uint64_t *seed);

/**
 * @brief Report of the attempt reached what was recorded of it.
 *
 * For each MXSEL_ATTEMPT, before the next mxsel_next().
 * @return 1; 0 when nothing was recorded; an error of mxsel_report();
 *         MXSEL_EUSAGE for NULL, without a record, or when no attempt is
 *         reached.
 */
MXSEL_API int mxsel_mock_replay_report(mxsel_mock *mock, mxsel *m);

/**
 * @brief What the memory of the recorded selection knew, into a memory.
 *
 * For one that knows nothing yet, whose clock stands still, and that
 * mxsel_options_set_memory() then gives to the options. What was recorded of
 * the same host or address again comes to it when the report before that is
 * replayed: it must be there for mxsel_mock_replay_report().
 * @return how many hosts and addresses it knows now by that; MXSEL_EUSAGE for
 *         NULL or without a record.
 */
MXSEL_API int mxsel_mock_replay_memory(mxsel_mock *mock, mxsel_memory *memory);

#ifdef __cplusplus
}
#endif

#endif
