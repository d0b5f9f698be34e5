/*
 * Any name of up to LENGTH octets: is it special, and as a question on the
 * wire. Uses the rooms name and wire.
 */
#include "proof/proof.h"
#include "wire/message.h"

int main(void)
{
	const char *name = any_text(LENGTH);
	uint8_t *out = anything(MXSEL__WIRE_QUERY_SIZE);
	size_t size = MXSEL__WIRE_QUERY_SIZE;
	uint16_t any = Frama_C_unsigned_short_interval(0, 65535);

	(void)mxsel__name_special(name);
	(void)mxsel__wire_question(out, &size, any, name, any,
		Frama_C_interval(0, 3));
	return 0;
}
