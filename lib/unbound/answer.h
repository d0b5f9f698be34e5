/*
 * From what libunbound found to the answer of a question. May use the public
 * headers and libunbound.
 */
#ifndef MXSEL_UNBOUND_ANSWER_H
#define MXSEL_UNBOUND_ANSWER_H

#include <unbound.h>

#include <mxsel/mxsel.h>

/*
 * Answer the question and free the result, which is NULL after an error of
 * libunbound. proves: what it says was validated, so that an answer that is
 * not secure is proven insecure.
 */
void mxsel__ub_answer(mxsel_query *query, int error, struct ub_result *result,
	int proves);

/* It ended so, without an answer. */
void mxsel__ub_answer_failed(mxsel_query *query, int outcome);

#endif
