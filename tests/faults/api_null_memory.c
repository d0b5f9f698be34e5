/*
 * NULL for every function of <mxsel/memory.h>: F100. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <limits.h>
#include <string.h>

#include <mxsel/memory.h>

#include "faults/api.h"
#include "faults/host_judge.h"
#include "support/idle_store.h"

static uint64_t stands(void *user)
{
	(void)user;
	return 0;
}

static void memory_of_nobody(void)
{
	struct mxsel_memory_entry e;
	mxsel_memory *memory = NULL;
	uint64_t place = 0;
	char text[8];

	memset(&e, 0, sizeof e);
	USAGE(mxsel_memory_new, (NULL, 65536, stands, NULL));
	USAGE(mxsel_memory_new, (&memory, 65536, NULL, NULL));
	GIVES(mxsel_memory_new, (&memory, 0, stands, NULL), MXSEL_ERANGE);
	SURVIVES(mxsel_memory_free, (NULL));
	USAGE(mxsel_memory_set, (NULL, MXSEL_MEMORY_KEEP, 60));
	ZERO(mxsel_memory_statistic, (NULL, MXSEL_MEMORY_BYTES));
	USAGE(mxsel_options_set_memory, (NULL, NULL));
	USAGE(mxsel_memory_report, (NULL, "a", NULL, 25,
		MXSEL_OUTCOME_LOST, 0, NULL));
	USAGE(mxsel_memory_get, (NULL, "a", 25, &e));
	USAGE(mxsel_memory_put, (NULL, &e));
	USAGE(mxsel_memory_next, (NULL, &place, &e));
	USAGE(mxsel_memory_forget, (NULL, "a"));
	USAGE(mxsel_memory_forget, (NULL, NULL));
	USAGE(mxsel_memory_format, (NULL, text, sizeof text));
	USAGE(mxsel_memory_format, (&e, NULL, sizeof text));
	USAGE(mxsel_memory_parse, (NULL, "host a 25", 9));
	USAGE(mxsel_memory_parse, (&e, NULL, 9));
	USAGE(mxsel_memory_save, (NULL, "a"));
	USAGE(mxsel_memory_load, (NULL, "a"));
	USAGE(mxsel_memory_set_store, (NULL, NULL));
	EXPECT(memory == NULL);
}

static void memory_of_nothing(void)
{
	struct mxsel_memory_entry e;
	mxsel_memory *memory;
	uint64_t place = 0;

	memset(&e, 0, sizeof e);
	EXPECT(mxsel_memory_new(&memory, 65536, stands, NULL) == 0);
	GIVES(mxsel_memory_set, (memory, INT_MAX, 1), MXSEL_ERANGE);
	ZERO(mxsel_memory_statistic, (memory, INT_MIN));
	USAGE(mxsel_memory_report, (memory, NULL, NULL, 25,
		MXSEL_OUTCOME_LOST, 0, NULL));
	GIVES(mxsel_memory_report, (memory, "", "", 25, MXSEL_OUTCOME_LOST, 0,
		NULL), MXSEL_ESYNTAX);
	GIVES(mxsel_memory_report, (memory, "a", "::1", 25, INT_MAX, INT_MIN,
		NULL), MXSEL_ERANGE);
	ZERO(mxsel_memory_report, (memory, "a", NULL, 25, MXSEL_OUTCOME_LOST,
		0, NULL));
	USAGE(mxsel_memory_get, (memory, NULL, 25, &e));
	USAGE(mxsel_memory_get, (memory, "a", 25, NULL));
	GIVES(mxsel_memory_get, (memory, "", 25, &e), MXSEL_ESYNTAX);
	GIVES(mxsel_memory_get, (memory, "a", INT_MIN, &e), MXSEL_ERANGE);
	USAGE(mxsel_memory_put, (memory, NULL));
	GIVES(mxsel_memory_put, (memory, &e), MXSEL_ERANGE);
	USAGE(mxsel_memory_next, (memory, NULL, &e));
	USAGE(mxsel_memory_next, (memory, &place, NULL));
	GIVES(mxsel_memory_forget, (memory, ""), MXSEL_ESYNTAX);
	USAGE(mxsel_memory_save, (memory, NULL));
	USAGE(mxsel_memory_load, (memory, NULL));
	GIVES(mxsel_memory_save, (memory, ""), MXSEL_EFILE);
	GIVES(mxsel_memory_load, (memory, ""), MXSEL_EFILE);
	ZERO(mxsel_memory_forget, (memory, NULL));
	ZERO(mxsel_memory_set_store, (memory, NULL));
	mxsel_memory_free(memory);
}

static void store_of_nothing(void)
{
	struct mxsel_memory_entry e;
	mxsel_memory *memory;
	mxsel_store *store = NULL;

	memset(&e, 0, sizeof e);
	USAGE(mxsel_store_new, (NULL, idle_get, idle_record, NULL));
	USAGE(mxsel_store_new, (&store, NULL, idle_record, NULL));
	USAGE(mxsel_store_new, (&store, idle_get, NULL, NULL));
	USAGE(mxsel_store_new_memory, (NULL, NULL));
	USAGE(mxsel_store_new_memory, (&store, NULL));
	EXPECT(store == NULL);
	SURVIVES(mxsel_store_free, (NULL));
	USAGE(mxsel_store_set_release, (NULL, NULL));
	USAGE(mxsel_store_get, (NULL, &e, 1, 1000, 0));
	EXPECT(mxsel_memory_new(&memory, 65536, stands, NULL) == 0);
	USAGE(mxsel_store_new_memory, (NULL, memory));
	EXPECT(mxsel_store_new_memory(&store, memory) == 0);
	USAGE(mxsel_memory_set_store, (memory, store));
	USAGE(mxsel_store_get, (store, NULL, 1, 1000, 0));
	ZERO(mxsel_store_get, (store, &e, 0, 0, 0));
	ZERO(mxsel_store_set_release, (store, NULL));
	mxsel_store_free(store);
	mxsel_memory_free(memory);
}

void api_null_memory(void)
{
	memory_of_nobody();
	memory_of_nothing();
	store_of_nothing();
}
