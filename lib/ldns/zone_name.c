/*
 * Names of the master-file resolver: from the wire and from text, with the
 * key they are searched by. May use libc only.
 */
#include "ldns/zones.h"

#include <string.h>

static uint8_t fold(uint8_t octet)
{
	return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : octet;
}

size_t mxsel__zone_name_size(const uint8_t *wire, size_t room)
{
	size_t at = 0;

	while (at < room && at < MXSEL__ZONE_WIRE_MAX) {
		if (wire[at] == 0)
			return at + 1;
		if (wire[at] > 63)
			return 0;
		at += 1u + wire[at];
	}
	return 0;
}

/* The key grows backwards: the first label goes to its end. */
static void make_key(struct mxsel__zone_name *name)
{
	size_t end = name->size - 1;
	size_t at = 0, key = end, i;

	name->labels = 0;
	while (at < end) {
		size_t length = name->wire[at];

		key -= length + 1;
		name->key[key] = (uint8_t)length;
		for (i = 1; i <= length; i++)
			name->key[key + i] = fold(name->wire[at + i]);
		at += length + 1;
		name->labels++;
	}
	name->ends[0] = 0;
	for (i = 0; i < name->labels; i++) {
		size_t start = name->ends[i];

		name->ends[i + 1] = (uint8_t)(start + 1 + name->key[start]);
	}
}

int mxsel__zone_name_wire(
	struct mxsel__zone_name *name, const uint8_t *wire, size_t room)
{
	size_t size = mxsel__zone_name_size(wire, room);

	if (size == 0)
		return -1;
	memcpy(name->wire, wire, size);
	name->size = size;
	make_key(name);
	return 0;
}

int mxsel__zone_name_text(struct mxsel__zone_name *name, const char *text)
{
	uint8_t wire[MXSEL__ZONE_WIRE_MAX];
	size_t at = 0;

	while (*text != '\0') {
		size_t length = strcspn(text, ".");

		if (length == 0 || length > 63 ||
			at + length + 2 > sizeof(wire))
			return -1;
		wire[at] = (uint8_t)length;
		memcpy(wire + at + 1, text, length);
		at += length + 1;
		text += length;
		if (*text == '.')
			text++;
	}
	wire[at] = 0;
	return mxsel__zone_name_wire(name, wire, at + 1);
}

const uint8_t *mxsel__zone_name_ancestor(
	const struct mxsel__zone_name *name, size_t labels)
{
	return name->wire + (name->size - 1 - name->ends[labels]);
}

int mxsel__zone_name_replace(struct mxsel__zone_name *name, size_t labels,
	const uint8_t *target, size_t target_size)
{
	uint8_t wire[MXSEL__ZONE_WIRE_MAX];
	size_t kept = name->size - 1 - name->ends[labels];

	if (kept + target_size > sizeof(wire))
		return -1;
	memcpy(wire, name->wire, kept);
	memcpy(wire + kept, target, target_size);
	return mxsel__zone_name_wire(name, wire, kept + target_size);
}
