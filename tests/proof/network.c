/*
 * Networks from any text of LENGTH octets, and whether they hold any address
 * at all. Uses the room name.
 */
#include "name/address.h"
#include "proof/proof.h"

int main(void)
{
	const char *text = anything(LENGTH);
	struct mxsel__address address;
	struct mxsel__network network;

	Frama_C_make_unknown((char *)&address, sizeof(address));
	address.length = (uint8_t)Frama_C_nondet(4, 16);
	if (mxsel__network_parse(&network, text, LENGTH) == 0)
		(void)mxsel__network_holds(&network, &address);
	return 0;
}
