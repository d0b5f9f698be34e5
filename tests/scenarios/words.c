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

/* What stands behind a semicolon, in place. */
void cut_comment(char *line)
{
	size_t i;

	for (i = 0; line[i] != '\0'; i++) {
		if (line[i] == '\\' && line[i + 1] != '\0')
			i++;
		else if (line[i] == ';')
			line[i] = '\0';
		if (line[i] == '\0')
			return;
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

static int nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int hex_octets(const char *word, uint8_t *out, size_t room,
	size_t *length)
{
	size_t n = 0;

	for (; word[0] != '\0' && word[1] != '\0' && n < room; word += 2) {
		if (nibble(word[0]) < 0 || nibble(word[1]) < 0)
			return -1;
		out[n++] = (uint8_t)(nibble(word[0]) << 4 | nibble(word[1]));
	}
	*length = n;
	return n > 0 && *word == '\0' ? 0 : -1;
}

/* What is in a digest does not matter here, but how long it is. */
static size_t fill_octets(const char *pattern, uint8_t *out, size_t length)
{
	size_t period = strlen(pattern), i;

	for (i = 0; i < length; i++)
		out[i] = (uint8_t)(period > 0 ? pattern[i % period] : 0);
	return length;
}

int word_octets(const char *word, uint8_t *out, size_t room, size_t *length)
{
	unsigned long long number;

	*length = 0;
	if (strcmp(word, "-") == 0)
		return 0;
	if (strncmp(word, "sha256:", 7) == 0 && room >= 32)
		*length = fill_octets(word + 7, out, 32);
	else if (strncmp(word, "sha512:", 7) == 0 && room >= 64)
		*length = fill_octets(word + 7, out, 64);
	else if (strncmp(word, "octets:", 7) == 0 &&
		word_number(word + 7, room, &number) == 0)
		*length = fill_octets("octets", out, (size_t)number);
	else
		return hex_octets(word, out, room, length);
	return 0;
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
