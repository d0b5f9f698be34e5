/*
 * What a mail server of a cluster would tell, for memory_store.sh: each word
 * behind server and password is HOST/ADDRESS/OUTCOME, a number of
 * MXSEL_OUTCOME_*.
 * Ends with 0 when the server has taken all of it. May use the public headers.
 */
#include <mxsel/redis.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t stand_still(void *user)
{
	(void)user;
	return 0;
}

/* word is cut at its slashes. */
static int report(mxsel_memory *memory, char *word)
{
	char *address = strchr(word, '/');
	char *outcome = strrchr(word, '/');

	if (address == outcome)
		return MXSEL_EUSAGE;
	*address++ = *outcome++ = '\0';
	return mxsel_memory_report(memory, word, address, 25,
		(int)strtol(outcome, NULL, 10), 0, NULL);
}

int main(int argc, char **argv)
{
	mxsel_memory *memory = NULL;
	mxsel_redis *redis = NULL;
	int i, r;

	if (argc < 3)
		return 2;
	r = mxsel_redis_new(&redis, argv[1]);
	if (r == 0)
		r = mxsel_redis_set_login(redis, NULL, argv[2]);
	if (r == 0)
		r = mxsel_memory_new(&memory, 65536, stand_still, NULL);
	if (r == 0)
		r = mxsel_memory_set_store(memory, mxsel_redis_store(redis));
	for (i = 3; i < argc && r == 0; i++)
		r = report(memory, argv[i]);
	if (r == 0)
		r = mxsel_redis_flush(redis, 5000);
	if (r != 0)
		fprintf(stderr, "%s\n", mxsel_strerror(r));
	mxsel_memory_free(memory);
	mxsel_redis_free(redis);
	return r != 0;
}
