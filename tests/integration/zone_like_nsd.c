/*
 * zone_like_nsd PORT FILE...: asks the master-file resolver and the name
 * server at 127.0.0.1 the same questions - every name of the zones, and
 * beside, below and above each - and says where response code, AA, answer or
 * authority section differ. May use the room of lib/ldns and ldns.
 */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ldns/ldns.h>

#include "ldns/zones.h"

#define ZONES_MAX 256
#define SHOWN_MAX 10

static struct mxsel__zone loaded[ZONES_MAX];
static struct mxsel__zones zones = { loaded, 0 };
static struct mxsel__zone_message ours;
static uint8_t theirs[2 + 65535];
static size_t theirs_size;
static int server = -1;
static struct sockaddr_in where;
static unsigned long same, different;

/* ----------------------------------------------------------------- messages */

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The answer's order counts, that of the authority section does not. */
static void show_section(FILE *out, const ldns_rr_list *list, int sorted)
{
	size_t count = ldns_rr_list_rr_count(list), i;
	char **texts = calloc(count + 1, sizeof(*texts));

	for (i = 0; i < count; i++) {
		ldns_rr2canonical(ldns_rr_list_rr(list, i));
		texts[i] = ldns_rr2str(ldns_rr_list_rr(list, i));
	}
	if (sorted)
		qsort(texts, count, sizeof(*texts), compare_texts);
	for (i = 0; i < count; i++) {
		fprintf(out, "  %s", texts[i]);
		free(texts[i]);
	}
	free(texts);
}

static char *show(const uint8_t *octets, size_t size)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	ldns_pkt *packet = NULL;

	if (ldns_wire2pkt(&packet, octets, size) != LDNS_STATUS_OK) {
		fprintf(out, "broken\n");
	} else {
		fprintf(out, "rcode %d, aa %d\n", ldns_pkt_get_rcode(packet),
			ldns_pkt_aa(packet));
		show_section(out, ldns_pkt_answer(packet), 0);
		fprintf(out, " authority:\n");
		show_section(out, ldns_pkt_authority(packet), 1);
		ldns_pkt_free(packet);
	}
	fclose(out);
	return text;
}

/* ------------------------------------------------------------------- asking */

static int receive(uint8_t *into, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(server, into + got, size - got);

		if (n <= 0)
			return -1;
		got += (size_t)n;
	}
	return 0;
}

static int exchange(const uint8_t *question, size_t size)
{
	if (write(server, question, size) != (ssize_t)size
	    || receive(theirs, 2) != 0)
		return -1;
	theirs_size = (size_t)theirs[0] << 8 | theirs[1];
	return receive(theirs, theirs_size);
}

/* One connection is used as long as the server lets it be. */
static void ask_server(const struct mxsel__zone_name *name, uint16_t type)
{
	uint8_t question[2 + 12 + MXSEL__ZONE_WIRE_MAX + 4] = { 0 };
	size_t size = 14 + name->size;
	int tries;

	question[7] = 1; /* QDCOUNT */
	memcpy(question + 14, name->wire, name->size);
	question[size + 1] = (uint8_t)type;
	question[size + 3] = 1; /* IN */
	size += 4;
	question[0] = (uint8_t)((size - 2) >> 8);
	question[1] = (uint8_t)(size - 2);
	for (tries = 0; tries < 3; tries++) {
		if (server >= 0 && exchange(question, size) == 0)
			return;
		if (server >= 0)
			close(server);
		server = socket(AF_INET, SOCK_STREAM, 0);
		if (connect(server, (struct sockaddr *)&where,
				sizeof(where)) != 0)
			break;
	}
	perror("the name server");
	exit(1);
}

static void compare(const struct mxsel__zone_name *name, uint16_t type)
{
	char *a, *b;

	mxsel__zones_answer(&zones, name, type, &ours);
	ask_server(name, type);
	a = show(ours.octets, ours.size);
	b = show(theirs, theirs_size);
	if (strcmp(a, b) == 0) {
		same++;
	} else if (different++ < SHOWN_MAX) {
		ldns_rdf *rdf = ldns_dname_new_frm_data(
			(uint16_t)name->size, name->wire);
		char *text = ldns_rdf2str(rdf);

		printf("%s type %u\n ours: %s theirs: %s", text, type, a, b);
		free(text);
		ldns_rdf_deep_free(rdf);
	}
	free(a);
	free(b);
}

static void compare_types(const struct mxsel__zone_name *name)
{
	compare(name, MXSEL__ZONE_MX);
	compare(name, MXSEL__ZONE_A);
	compare(name, MXSEL__ZONE_AAAA);
	compare(name, MXSEL__ZONE_CNAME);
	compare(name, MXSEL__ZONE_TLSA);
}

/* The same below these labels, given on the wire without the root. */
static void compare_below(const struct mxsel__zone_name *name,
	const char *labels)
{
	uint8_t wire[2 * MXSEL__ZONE_WIRE_MAX];
	struct mxsel__zone_name below;
	size_t size = strlen(labels);

	memcpy(wire, labels, size);
	memcpy(wire + size, name->wire, name->size);
	if (mxsel__zone_name_wire(&below, wire, size + name->size) == 0)
		compare_types(&below);
}

static void compare_around(const struct mxsel__zone_record *record)
{
	uint8_t wire[MXSEL__ZONE_WIRE_MAX];
	struct mxsel__zone_name name, parent;
	size_t at = record->key_size, from = 0;

	wire[at] = 0;
	while (from < record->key_size) { /* labels, last one first */
		size_t size = 1u + record->octets[from];

		at -= size;
		memcpy(wire + at, record->octets + from, size);
		from += size;
	}
	(void)mxsel__zone_name_wire(&name, wire, record->key_size + 1u);
	compare_types(&name);
	compare_below(&name, "\1x");
	compare_below(&name, "\1a\1b");
	compare_below(&name, "\1*");
	if (name.labels == 0)
		return;
	(void)mxsel__zone_name_wire(&parent,
		mxsel__zone_name_ancestor(&name, name.labels - 1), name.size);
	compare_types(&parent);
	compare_below(&parent, "\4nope");
	compare_below(&parent, "\1b");
}

static int load(const char *path)
{
	static char text[1 << 20];
	FILE *in = fopen(path, "r");
	size_t size;

	if (in == NULL)
		return -1;
	size = fread(text, 1, sizeof(text) - 1, in);
	fclose(in);
	text[size] = '\0';
	return mxsel__zone_load(&loaded[zones.count++], text);
}

int main(int argc, char **argv)
{
	size_t i, j;
	int k;

	if (argc < 3 || argc - 2 > ZONES_MAX)
		return 64;
	where.sin_family = AF_INET;
	where.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (k = 2; k < argc; k++) {
		if (load(argv[k]) != 0) {
			printf("%s: not read\n", argv[k]);
			return 1;
		}
	}
	if (mxsel__zones_index(&zones) != 0)
		return 1;
	for (i = 0; i < zones.count; i++) {
		for (j = 0; j < loaded[i].count; j++)
			compare_around(loaded[i].records[j]);
	}
	printf("%lu the same, %lu different\n", same, different);
	for (i = 0; i < zones.count; i++)
		mxsel__zone_clear(&loaded[i]);
	return different == 0 ? 0 : 1;
}
