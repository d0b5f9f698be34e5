/*
 * Any text as an address, as a name that is one, and as a network. Uses the
 * room name.
 */
#include "name/address.h"
#include "proof/proof.h"

static void run(size_t room, size_t size)
{
	const char *text = anything(room);
	struct mxsel__address out;
	struct mxsel__network network;

	(void)mxsel__address_parse_v4(&out, text, size);
	(void)mxsel__address_parse_v6(&out, text, size);
	(void)mxsel__address_parse(&out, text, size);
	(void)mxsel__address_from_name(&out, text, size);
	(void)mxsel__network_parse(&network, text, size);
}

int main(void)
{
	/*@ widen_hints global:"all", 16, SIZE; */
	each_size(run);
	return 0;
}
