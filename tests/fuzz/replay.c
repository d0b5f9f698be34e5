/*
 * Every file of a corpus once through its target, without a fuzzer: so that
 * "make check" holds what fuzzing found. With "-o FOLDER" the files are
 * written there as octets instead, which is what a fuzzer begins with. A file
 * is text: two hexadecimal digits an octet, blanks between as one likes, "="
 * before another input, and comments from '#' to the end of a line. May use
 * libc.
 */
#include "fuzz/fuzz.h"

#define SIZE_MOST 70000

static int digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The next character that is none of a comment. */
static int next_character(FILE *file)
{
	int c = getc(file);

	while (c == '#') {
		while (c != '\n' && c != EOF)
			c = getc(file);
	}
	return c;
}

/*
 * The octets of the next input, or -1: no hexadecimal text. *more: there is
 * one behind it.
 */
static long read_hex(FILE *file, uint8_t *octets, int *more)
{
	long size = 0;
	int c;

	while ((c = next_character(file)) != EOF && c != '=') {
		int high = digit(c), low;

		if (c == ' ' || c == '\n' || c == '\t')
			continue;
		low = digit(next_character(file));
		if (high < 0 || low < 0 || size == SIZE_MOST)
			return -1;
		octets[size++] = (uint8_t)(high << 4 | low);
	}
	*more = c == '=';
	return size;
}

static int write_octets(const char *folder, const char *path, int number,
	const uint8_t *octets, size_t size)
{
	const char *name = strrchr(path, '/');
	char out[4096];
	FILE *file;
	int wrong;

	(void)snprintf(out, sizeof(out), "%s/%s-%d", folder,
		name == NULL ? path : name + 1, number);
	file = fopen(out, "wb");
	if (file == NULL)
		return -1;
	wrong = fwrite(octets, 1, size, file) != size;
	return fclose(file) != 0 || wrong ? -1 : 0;
}

/* In a block of just its size. */
static void replay(const uint8_t *octets, size_t size)
{
	uint8_t *exact = malloc(size > 0 ? size : 1);

	MUST(exact != NULL);
	memcpy(exact, octets, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

/* All inputs of a file: how many there were, or -1. */
static int take_file(const char *path, const char *folder)
{
	static uint8_t octets[SIZE_MOST];
	FILE *file = fopen(path, "r");
	int count = 0, more = file != NULL;

	while (more) {
		long size = read_hex(file, octets, &more);

		/* Said before: it may be the last that is heard. */
		printf("%s, input %d: %ld octets\n", path, ++count, size);
		fflush(stdout);
		if (size < 0 || (folder != NULL && write_octets(folder, path,
				count, octets, (size_t)size) != 0)) {
			count = -1;
			break;
		}
		if (folder == NULL)
			replay(octets, (size_t)size);
	}
	if (file != NULL)
		fclose(file);
	return count > 0 ? count : -1;
}

int main(int argc, char **argv)
{
	const char *folder = NULL;
	int i = 1, passed = 0, failed = 0;

	if (argc > 2 && strcmp(argv[1], "-o") == 0) {
		folder = argv[2];
		i = 3;
	}
	for (; i < argc; i++) {
		int count = take_file(argv[i], folder);

		if (count < 0)
			failed++;
		else
			passed += count;
	}
	printf("%d passed, %d failed\n", passed, failed);
	return failed > 0;
}
