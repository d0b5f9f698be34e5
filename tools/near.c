/*
 * Slips of typing, counted as distance of strings with exchanged neighbours.
 * Words are as short as options are. May use libc.
 */
#include "near.h"

#include <string.h>

#define WORD_MAX 32

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* Three rows of the table are enough: an exchange looks back by two. */
static int distance(const char *a, size_t a_length, const char *b,
	size_t b_length)
{
	int rows[3][WORD_MAX + 1];
	size_t i, j;

	for (j = 0; j <= b_length; j++)
		rows[0][j] = (int)j;
	for (i = 1; i <= a_length; i++) {
		const int *last = rows[(i - 1) % 3];
		int *row = rows[i % 3];

		row[0] = (int)i;
		for (j = 1; j <= b_length; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1,
				last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j],
					rows[(i - 2) % 3][j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

int near_slips(const char *typed, size_t length, const char *known)
{
	size_t known_length = strlen(known);
	size_t shorter = length < known_length ? length : known_length;
	int slips;

	if (length > WORD_MAX || known_length > WORD_MAX)
		return NEAR_MAX;
	slips = distance(typed, length, known, known_length);
	return slips < NEAR_MAX && (size_t)slips * 3 <= shorter ? slips :
		NEAR_MAX;
}
