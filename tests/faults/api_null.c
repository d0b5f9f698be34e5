/*
 * Every public function with NULL and with arguments that are none: F100.
 * That it is every one is compared with the lists of exported names,
 * lib/(library).map. May use host_judge.h.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/api.h"
#include "faults/host_judge.h"

#define MOST 400

static const char *called[MOST];
static size_t count;
static size_t calls;

void api_called(const char *name)
{
	size_t i;

	calls++;
	for (i = 0; i < count; i++)
		if (strcmp(called[i], name) == 0)
			return;
	EXPECT(count < MOST);
	called[count++] = name;
}

int api_no_text(const char *text)
{
	return text == NULL || *text == '\0';
}

static int was_called(const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(called[i], name) == 0)
			return 1;
	return 0;
}

/* How many names this library exports; each must have been called. */
static size_t compare(const char *library)
{
	const char *tree = getenv("MXSEL_SRCDIR");
	char line[256], *name;
	size_t found = 0;
	FILE *map;

	snprintf(line, sizeof line, "%s/lib/%s.map", tree != NULL ? tree :
		SOURCE_TREE, library);
	map = fopen(line, "r");
	if (map == NULL)
		judge_fail("%s cannot be read: set MXSEL_SRCDIR", line);
	while (fgets(line, sizeof line, map) != NULL) {
		name = strstr(line, "mxsel_");
		if (name == NULL || strchr(name, ';') == NULL)
			continue;
		*strchr(name, ';') = '\0';
		found++;
		if (!was_called(name))
			judge_fail("%s is not among the calls", name);
	}
	fclose(map);
	return found;
}

void F100_null(void)
{
	size_t all;

	api_null_core();
	api_null_answers();
	api_null_security();
	api_null_memory();
	api_null_adapters();
	all = compare("libmxsel") + compare("libmxsel-mock") +
		compare("libmxsel-ldns");
#ifdef HAVE_IDN2
	all += compare("libmxsel-idn2");
#endif
#ifdef HAVE_UNBOUND
	all += compare("libmxsel-unbound");
#endif
#ifdef HAVE_REDIS
	all += compare("libmxsel-redis");
#endif
	EXPECT(all == count);
	judge_say("%zu calls with NULL or what is none, of all %zu public "
		"functions: refused as the headers say", calls, all);
}
