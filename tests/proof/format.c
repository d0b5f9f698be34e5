/*
 * Every address to text, in exactly the room that is asked for. Uses the room
 * name.
 */
#include "name/address.h"
#include "proof/proof.h"

int main(void)
{
	char *out = anything(MXSEL__ADDRESS_TEXT_SIZE);
	struct mxsel__address address;

	Frama_C_make_unknown((char *)address.bytes, sizeof(address.bytes));
	address.length = (uint8_t)Frama_C_nondet(4, 16);
	(void)mxsel__address_format(out, &address);
	return 0;
}
