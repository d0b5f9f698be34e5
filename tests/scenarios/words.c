/*
 * Words, numbers and memory for the scenario runner. Out of memory ends it:
 * it is a test. May use libc only.
 */
#include "scenarios/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cut a line at its blanks, in place. */
size_t split_words(char *line, char *words[WORDS_MAX])
{
	size_t n = 0;

	for (;;) {
		line += strspn(line, " \t");
		if (*line == '\0' || n == WORDS_MAX)
			return n;
		words[n++] = line;
		line += strcspn(line, " \t");
		if (*line != '\0')
			*line++ = '\0';
	}
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

int same_word(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return *a == *b;
}

char *keep_bytes(const char *text, size_t length)
{
	char *kept = malloc(length + 1);

	if (kept == NULL) {
		puts("no memory");
		exit(EXIT_FAILURE);
	}
	memcpy(kept, text, length);
	kept[length] = '\0';
	return kept;
}

/* "\DDD" and "\\" stand for octets that a line cannot hold. */
size_t unescape_text(char *text)
{
	char *out = text;
	const char *in = text;

	while (*in != '\0') {
		unsigned value = 0;
		int i;

		if (in[0] != '\\') {
			*out++ = *in++;
			continue;
		}
		in++;
		if (*in < '0' || *in > '9') {
			if (*in != '\0')
				*out++ = *in++;
			continue;
		}
		for (i = 0; i < 3 && *in >= '0' && *in <= '9'; i++)
			value = value * 10 + (unsigned)(*in++ - '0');
		*out++ = (char)(unsigned char)value;
	}
	return (size_t)(out - text);
}

int word_number(const char *word, unsigned long long most,
	unsigned long long *out)
{
	char *end;

	if (word[0] < '0' || word[0] > '9')
		return -1;
	*out = strtoull(word, &end, 10);
	return *end == '\0' && *out <= most ? 0 : -1;
}
