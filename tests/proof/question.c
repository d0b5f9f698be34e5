/*
 * Any text as the name of a question, on the wire and as a message, in any
 * room. Uses the rooms name and wire.
 */
#include "proof/proof.h"
#include "wire/message.h"

static void run(size_t room, size_t size)
{
	const char *name = any_text(NAME);
	uint8_t *wire = anything(MXSEL__WIRE_NAME_MAX);

	(void)mxsel__name_to_wire(wire, name);
	(void)mxsel__wire_question(anything(room), &size, any_16(), name,
		any_16(), (int)any_size(0, 3));
}

int main(void)
{
	/*@ widen_hints global:"all", 253, 254; */
	each_size(run);
	return 0;
}
