/*
 * Names as a zone owner mistypes them. May use libc.
 */
#include "lint_name.h"

#include <string.h>

#include "lint_table.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

static int is_under(const char *name, const char *parent)
{
	size_t length = strlen(name), tail = strlen(parent);

	if (length < tail || strcmp(name + length - tail, parent) != 0)
		return 0;
	return length == tail || name[length - tail - 1] == '.';
}

int lint_name_is_localhost(const char *name)
{
	return is_under(name, "localhost");
}

int lint_name_is_special(const char *name)
{
	/* RFC 6761 6.3, 6.4; RFC 6762 3; RFC 7686 2; 8375 4; 9476 3 */
	static const char *const parents[] = {
		"localhost", "invalid", "local", "onion", "home.arpa", "alt"
	};
	size_t i;

	for (i = 0; i < sizeof(parents) / sizeof(parents[0]); i++)
		if (is_under(name, parents[i]))
			return 1;
	return 0;
}

/* Four numbers in front: an address, or one behind which the zone's name
 * came because it had no final dot. */
static int begins_as_ipv4(const char *name)
{
	size_t digits;
	int label;

	for (label = 0; label < 4; label++) {
		digits = strspn(name, DIGITS);
		if (digits < 1 || digits > 3)
			return 0;
		name += digits;
		if (*name != '.')
			return *name == '\0' && label == 3;
		name++;
	}
	return 1;
}

static int is_ipv6(const char *name)
{
	return strchr(name, ':') != NULL &&
		name[strspn(name, DIGITS "abcdef:.")] == '\0';
}

int lint_name_judge(const char *name)
{
	if (begins_as_ipv4(name) || is_ipv6(name))
		return LINT_MX_IS_ADDRESS;
	if (name[strspn(name, LETTERS DIGITS "-_.")] != '\0')
		return LINT_MX_BAD_NAME;
	if (lint_name_is_localhost(name))
		return LINT_MX_LOCALHOST;
	return lint_name_is_special(name) ? LINT_MX_SPECIAL : -1;
}

int lint_name_is_odd(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '_') != NULL || strstr(name, ".-") != NULL ||
		strstr(name, "-.") != NULL || name[0] == '-' ||
		(length > 0 && name[length - 1] == '-');
}

int lint_name_has_domain_twice(const char *name, const char *domain)
{
	size_t length = strlen(name), tail = strlen(domain);
	size_t left = length - tail - 1; /* of what stands before the domain */

	if (tail == 0 || length < 2 * tail + 1 || !is_under(name, domain))
		return 0;
	if (strncmp(name + left - tail, domain, tail) != 0)
		return 0;
	return left == tail || name[left - tail - 1] == '.';
}
