/*
 * What the fuzz targets share: the function that libFuzzer and the replay of
 * the corpus call, the input as a stream, and how a broken promise is said.
 * Tests only; may use libc.
 */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A promise of the library: when it is broken, the input is a find. */
#define MUST(promise) \
	((promise) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #promise))

static inline void fuzz_broken(const char *file, int line,
	const char *promise)
{
	fprintf(stderr, "%s:%d: broken: %s\n", file, line, promise);
	abort();
}

/* The input, octet by octet; zeros from its end on. */
struct input {
	const uint8_t *data;
	size_t size;
	size_t at;
};

static inline unsigned take8(struct input *in)
{
	return in->at < in->size ? in->data[in->at++] : 0;
}

static inline unsigned take16(struct input *in)
{
	unsigned high = take8(in);

	return high << 8 | take8(in);
}

/* At most this many octets, in place. */
static inline size_t take(struct input *in, size_t most, const uint8_t **out)
{
	size_t left = in->size - in->at, length = left < most ? left : most;

	*out = in->data == NULL ? NULL : in->data + in->at;
	in->at += length;
	return length;
}

/* As text: up to most - 1 octets in a block of just their size. */
static inline char *take_text(struct input *in, size_t most)
{
	const uint8_t *from;
	size_t length = take(in, most - 1, &from);
	char *text = malloc(length + 1);

	MUST(text != NULL);
	if (length > 0)
		memcpy(text, from, length);
	text[length] = '\0';
	return text;
}

/* What is left, in a block of just its size: its end is the sanitizer's. */
static inline uint8_t *take_rest(struct input *in, size_t *size)
{
	const uint8_t *from;
	uint8_t *octets;

	*size = take(in, SIZE_MAX, &from);
	octets = malloc(*size > 0 ? *size : 1);
	MUST(octets != NULL);
	if (*size > 0)
		memcpy(octets, from, *size);
	return octets;
}

#endif
