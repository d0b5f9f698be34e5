/*
 * What a memory of hosts reads: lines, files, and entries that a caller made
 * (R85). What is accepted has one text, which says the same again; what is
 * not changes nothing; and put, format and parse are of one opinion.
 *
 * Input: an octet that says which - 'l' a line, 'e' an entry, else a file -,
 * octets. A file that does not begin as one does gets its first line, for
 * else most would be refused for that alone.
 */
#include <mxsel/memory.h>

#include "cache/memory_text.h"
#include "fuzz/fuzz.h"

#define NOW (UINT64_C(1) << 40)

static uint64_t clock_of(void *user)
{
	(void)user;
	return NOW;
}

static mxsel_memory *empty(unsigned which)
{
	static mxsel_memory *memories[2];

	if (memories[which] == NULL)
		MUST(mxsel_memory_new(&memories[which], 262144, clock_of,
			NULL) == 0);
	MUST(mxsel_memory_forget(memories[which], NULL) == 0);
	return memories[which];
}

static uint64_t entries(const mxsel_memory *memory)
{
	return mxsel_memory_statistic(memory, MXSEL_MEMORY_ENTRIES);
}

static void same(const struct mxsel_memory_entry *a,
	const struct mxsel_memory_entry *b)
{
	MUST(strcmp(a->name, b->name) == 0 && strcmp(a->again, b->again) == 0);
	MUST(a->kind == b->kind && a->port == b->port && a->age == b->age);
	MUST(memcmp(a->outcomes, b->outcomes, sizeof(a->outcomes)) == 0);
	MUST(a->code == b->code && a->works == b->works &&
		a->turn == b->turn && a->doubt == b->doubt);
}

/* It has a text, which is read as the same, and can be known. */
static void try_sound(const struct mxsel_memory_entry *e)
{
	struct mxsel_memory_entry again;
	char text[MXSEL_MEMORY_TEXT_SIZE];
	mxsel_memory *memory = empty(0);

	MUST(mxsel_memory_format(e, text, sizeof(text)) == 0);
	MUST(mxsel_memory_parse(&again, text, strlen(text)) == 0);
	same(e, &again);
	MUST(e->score == again.score && e->score <= 4000);
	MUST(e->name[0] != '\0' && e->port >= 1 && e->port <= 65535);
	MUST(mxsel_memory_put(memory, e) == 0);
	if (mxsel_memory_get(memory, e->name, e->port, &again) != 1) {
		MUST(e->age >= 86400000);
		return;
	}
	same(e, &again);
	MUST(again.score == e->score || (again.score == 0 && e->score < 63));
}

static void try_line(const char *text, size_t length)
{
	struct mxsel_memory_entry e;
	int result = mxsel_memory_parse(&e, text, length);

	MUST(result == 0 || result == MXSEL_ESYNTAX);
	if (result == 0)
		try_sound(&e);
}

/* Whatever its fields are. */
static void try_entry(const uint8_t *octets, size_t size)
{
	struct mxsel_memory_entry e, sound;
	char text[MXSEL_MEMORY_TEXT_SIZE];
	struct input in = { octets, size, 0 };
	int result, i;

	memset(&e, 0, sizeof(e));
	e.kind = (int)take8(&in) % 4;
	e.port = (int)take16(&in);
	e.score = take16(&in) % 5000;
	e.age = take16(&in) << 16 | take16(&in);
	e.code = (int)take16(&in) % 1024;
	e.works = (int)take8(&in) % 8;
	e.turn = (int)take8(&in) % 8;
	e.doubt = (int)take8(&in) % 5;
	for (i = 0; i < MXSEL_MEMORY_OUTCOMES; i++)
		e.outcomes[i] = (uint8_t)(take8(&in) % 16);
	for (i = 0; i < 48; i++)
		e.again[i] = (char)take8(&in);
	for (i = 0; i < 256; i++)
		e.name[i] = (char)take8(&in);
	result = mxsel_memory_format(&e, text, sizeof(text));
	MUST(result == 0 || result == MXSEL_ESYNTAX || result == MXSEL_ERANGE);
	MUST(mxsel_memory_put(empty(0), &e) == result);
	if (result != 0)
		return;
	MUST(mxsel__memory_entry_check(&sound, &e) == 0);
	try_sound(&sound);
}

/* All of it once more, from what is known by it. */
static void try_known(const mxsel_memory *memory)
{
	static const char first[] = MXSEL__MEMORY_FIRST "1099511627776\n";
	struct mxsel__lines lines;
	mxsel_memory *again = empty(1);
	char *text;
	size_t i, at = sizeof(first) - 1;

	memset(&lines, 0, sizeof(lines));
	MUST(mxsel__lines_take(&lines, memory) == 0);
	MUST(lines.count == entries(memory) && lines.time == NOW);
	text = malloc(at + lines.length);
	MUST(text != NULL);
	memcpy(text, first, at);
	for (i = 0; i < lines.count; i++) {
		memcpy(text + at, lines.text + lines.line[i].at,
			lines.line[i].length);
		at += lines.line[i].length;
		MUST(i == 0 || lines.line[i].length !=
			lines.line[i - 1].length ||
			memcmp(lines.text + lines.line[i].at,
			lines.text + lines.line[i - 1].at,
			lines.line[i].length) != 0);
	}
	MUST(at == sizeof(first) - 1 + lines.length);
	MUST(mxsel__memory_take(again, text, at) == 0);
	MUST(entries(again) == lines.count);
	free(text);
	mxsel__lines_free(&lines);
}

static void try_file(const char *text, size_t length)
{
	mxsel_memory *memory = empty(0);
	int result = mxsel__memory_take(memory, text, length);
	size_t i, lines = 0;

	MUST(result == 0 || result == MXSEL_ESYNTAX);
	for (i = 0; i < length; i++)
		lines += text[i] == '\n';
	MUST(result == 0 ? entries(memory) < lines : entries(memory) == 0);
	if (result == 0)
		try_known(memory);
}

/* With its first line, when it has none. */
static void try_file_of(const char *text, size_t length)
{
	static const char first[] = MXSEL__MEMORY_FIRST "1099511620000\n";
	size_t size = sizeof(first) - 1;
	char *whole;

	try_file(text, length);
	if (length >= 5 && memcmp(text, "mxsel", 5) == 0)
		return;
	whole = malloc(size + length);
	MUST(whole != NULL);
	memcpy(whole, first, size);
	if (length > 0)
		memcpy(whole + size, text, length);
	try_file(whole, size + length);
	free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };
	unsigned what = take8(&in);
	size_t length;
	uint8_t *octets = take_rest(&in, &length);

	if (what == 'l')
		try_line((const char *)octets, length);
	else if (what == 'e')
		try_entry(octets, length);
	else
		try_file_of((const char *)octets, length);
	free(octets);
	return 0;
}
