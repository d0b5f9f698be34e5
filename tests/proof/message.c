/*
 * Any answer of SIZE octets, to one question: opened, and its records and
 * their names read. Uses the room wire.
 */
#include <mxsel/mxsel.h>

#include "proof/any_address.h"
#include "proof/proof.h"
#include "wire/message.h"

int main(void)
{
	static const char question[] = "a.test";
	const uint8_t *packet = anything(SIZE);
	char *out = anything(MXSEL__NAME_TEXT_SIZE);
	struct mxsel__message m;
	struct mxsel__record record;
	size_t length;

	if (mxsel__wire_open(&m, packet, SIZE, question, MXSEL_TYPE_MX,
			8) != MXSEL_OK)
		return 0;
	while (mxsel__wire_next(&m, &record) == 1) {
		(void)mxsel__wire_name(&m, record.exchange, out, &length);
		(void)mxsel__wire_name_is(&m, record.exchange, question);
	}
	return 0;
}
