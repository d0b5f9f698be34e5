/*
 * Any address to text in exactly the room that is asked for, beside another,
 * and in any network. Uses the room name.
 */
#include "name/address.h"
#include "proof/proof.h"

static void any_address(struct mxsel__address *address)
{
	Frama_C_make_unknown((char *)address, sizeof(*address));
	address->length = (uint8_t)Frama_C_nondet(4, 16);
}

int main(void)
{
	char *text = anything(MXSEL__ADDRESS_TEXT_SIZE);
	struct mxsel__address a, b;
	struct mxsel__network network;
	unsigned prefix;

	any_address(&a);
	any_address(&b);
	(void)mxsel__address_format(text, &a);
	(void)mxsel__address_equal(&a, &b);
	network.address = b;
	/*@ loop unroll 129; */
	for (prefix = 0; prefix <= 128; prefix++) {
		network.prefix = (uint8_t)prefix;
		(void)mxsel__network_holds(&network, &a);
	}
	return 0;
}
