/*
 * Names from any text of LENGTH octets. Uses the room name.
 */
#include "name/name.h"

#include "proof/any_address.h"
#include "proof/proof.h"

int main(void)
{
	const char *text = anything(LENGTH);
	char *out = anything(MXSEL__NAME_TEXT_SIZE);
	size_t length;

	(void)mxsel__name_parse(out, &length, text, LENGTH);
	return 0;
}
