/*
 * Addresses from any text of LENGTH octets: IPv4 as IPV4 says, else IPv6.
 * Uses the room name.
 */
#include "name/address.h"
#include "proof/proof.h"

int main(void)
{
	const char *text = anything(LENGTH);
	struct mxsel__address address;

	if (IPV4)
		(void)mxsel__address_parse_v4(&address, text, LENGTH);
	else
		(void)mxsel__address_parse_v6(&address, text, LENGTH);
	return 0;
}
