/*
 * Any file as resolv.conf, any value and text as an option (F86, F100, S43):
 * servers are those that a plain reading finds, an option is as it was set or
 * as it was before.
 *
 * Input: an octet. Even: the file's octets. Odd: settings one after the
 * other, each an octet that says which, then its value or its text, which
 * has an octet of length before it.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <unistd.h>

#include <mxsel/mxsel.h>

#include "fuzz/fuzz.h"
#ifdef HAVE_LDNS
#include "ldns/conf.h"
#include "ldns/server.h"
#endif

#ifdef HAVE_LDNS
#define LINE_MOST 511

static char path[] = "/tmp/mxsel-fuzz-XXXXXX";

static void remove_file(void)
{
	(void)unlink(path);
}

/* One for all inputs: making one is slow. */
static const char *write_file(const uint8_t *octets, size_t size)
{
	static int file = -1;
	static size_t before;

	if (file < 0) {
		file = mkstemp(path);
		MUST(file >= 0 && atexit(remove_file) == 0);
	}
	MUST(pwrite(file, octets, size, 0) == (ssize_t)size);
	if (size < before)
		MUST(ftruncate(file, (off_t)size) == 0);
	before = size;
	return path;
}

/*
 * A plain second reading of one line: 1 when it names a server, whose
 * address is then in text.
 */
static int names_server(const char *line, char text[LINE_MOST + 1])
{
	static const char word[] = "nameserver";
	unsigned char octets[16];
	size_t i;

	line += strspn(line, " \t\r");
	for (i = 0; word[i] != '\0'; i++)
		if ((line[i] | 0x20) != word[i])
			return 0;
	line += i;
	if (strspn(line, " \t\r") == 0)
		return 0;
	line += strspn(line, " \t\r");
	i = strcspn(line, " \t\r#;");
	memcpy(text, line, i);
	text[i] = '\0';
	if (inet_pton(AF_INET, text, octets) == 1)
		return 1;
	return inet_pton(AF_INET6, text, octets) == 1 &&
		!(octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80);
}

/* How many servers it names, each once; -1: it has lines too long to say. */
static int count_servers(const uint8_t *octets, size_t size)
{
	static uint8_t seen[MXSEL__SERVERS_MAX][17];
	char line[LINE_MOST + 1], text[LINE_MOST + 1];
	int count = 0, i;
	size_t at = 0, length;

	for (; at <= size; at += length + 1) {
		uint8_t octet[17] = { 0 };
		const uint8_t *end = at < size
			? memchr(octets + at, '\n', size - at) : NULL;

		length = (end == NULL ? size : (size_t)(end - octets)) - at;
		if (length >= sizeof(line))
			return -1;
		memcpy(line, octets + at, length);
		line[length] = '\0';
		if (memchr(line, '\0', length) != NULL)
			return -1;
		if (!names_server(line, text) || count == MXSEL__SERVERS_MAX)
			continue;
		octet[16] = (uint8_t)inet_pton(AF_INET6, text, octet);
		if (octet[16] == 0)
			(void)inet_pton(AF_INET, text, octet);
		for (i = 0; i < count && memcmp(seen[i], octet, 17) != 0; i++)
			continue;
		if (i == count)
			memcpy(seen[count++], octet, 17);
	}
	return count;
}

static void try_server(const char *text)
{
	struct mxsel__server server;
	int result = mxsel__conf_server(&server, text);

	MUST(result == 0 || result == MXSEL_ESYNTAX);
	MUST(result != 0 || server.length == sizeof(server.address.v4) ||
		server.length == sizeof(server.address.v6));
}

static void try_file(const uint8_t *octets, size_t size)
{
	struct mxsel__servers servers;
	int count = count_servers(octets, size);
	const char *name = write_file(octets, size);
	char *text = malloc(size + 1);

	memset(&servers, 0, sizeof(servers));
	MUST(mxsel__servers_init(&servers) == 0);
	MUST(mxsel__conf_file(&servers, name) == 0);
	MUST(servers.count <= MXSEL__SERVERS_MAX);
	MUST(count < 0 || servers.count == (unsigned)count);
	mxsel__servers_destroy(&servers);
	MUST(text != NULL);
	memcpy(text, octets, size);
	text[size] = '\0';
	try_server(text);
	free(text);
}
#endif

/* --- options ------------------------------------------------------------- */

static void set_number(mxsel_options *o, struct input *in)
{
	int option = (int)take8(in) - 1;
	int value = (int)(take16(in) << 16 | take16(in));
	int before = mxsel_options_get(o, option);
	int result = mxsel_options_set(o, option, value);

	MUST(result == 0 || result == MXSEL_ERANGE);
	MUST(mxsel_options_get(o, option) == (result == 0 ? value : before));
	MUST(result != 0 || value >= 0);
}

static void set_text(mxsel_options *o, unsigned which, struct input *in)
{
	char *text = take_text(in, take8(in) + 1u), *more = NULL;
	int result = 0, code;

	switch (which) {
	case 1:
		result = mxsel_options_add_self_name(o, text);
		break;
	case 2:
		result = mxsel_options_add_self_address(o, text);
		break;
	case 3:
		result = mxsel_options_allow_network(o, text);
		break;
	case 4:
		result = mxsel_options_add_nat64(o, text);
		break;
	default:
		code = (int)take16(in) - 100;
		more = take_text(in, take8(in) + 1u);
		result = mxsel_options_refuse_exchange(o, text, code,
			which == 5 ? NULL : more, which == 6 ? NULL : more);
		MUST(result != 0 || (code >= 400 && code <= 599));
	}
	MUST(result == 0 || result == MXSEL_ESYNTAX ||
		(result == MXSEL_ERANGE && which >= 5));
	free(text);
	free(more);
}

/* A selection begins with whatever was set, and holds it as it is. */
static void use_options(mxsel_options *o)
{
	mxsel *m;
	mxsel_query *q;
	int turns = 0;

	MUST(mxsel_new(&m, "example.com", o) == 0);
	MUST(mxsel_options_set(o, MXSEL_OPT_PORT, 25) == MXSEL_EUSAGE);
	while (mxsel_next(m) == MXSEL_LOOKUP && turns++ < 20)
		while ((q = mxsel_query_take(m)) != NULL) {
			if (mxsel_query_type(q) == MXSEL_TYPE_MX)
				MUST(mxsel_answer_mx(q, 1, "mx.example.com",
					1) == 0);
			if (mxsel_query_type(q) == MXSEL_TYPE_A)
				MUST(mxsel_answer_address(q, (const uint8_t *)
					"\300\0\2\1", 4, 1) == 0);
			MUST(mxsel_answer_finish(q, MXSEL_DNS_COMPLETE,
				MXSEL_SECURITY_INSECURE) == 0);
		}
	MUST(turns < 20);
	mxsel_free(m);
}

static void try_options(struct input *in)
{
	mxsel_options *o, *copy;
	int option;

	MUST(mxsel_options_new(&o) == 0);
	MUST(mxsel_options_set_seed(o, 1) == 0);
	while (in->at < in->size) {
		unsigned which = take8(in) % 8;

		if (which == 0)
			set_number(o, in);
		else
			set_text(o, which, in);
	}
	MUST(mxsel_options_copy(&copy, o) == 0);
	for (option = 1; option <= MXSEL_OPT_DANE_INSECURE_MX; option++)
		MUST(mxsel_options_get(o, option) ==
			mxsel_options_get(copy, option));
	mxsel_options_free(o);
	use_options(copy);
	mxsel_options_free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size, 0 };

	if (take8(&in) & 1) {
		try_options(&in);
		return 0;
	}
#ifdef HAVE_LDNS
	{
		size_t length;
		uint8_t *octets = take_rest(&in, &length);

		try_file(octets, length);
		free(octets);
	}
#endif
	return 0;
}
