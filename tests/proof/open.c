/*
 * Any octets as the answer to any question, opened. Uses the room wire.
 */
#include "proof/any_same.h"
#include "proof/proof.h"
#include "wire/message.h"

static void run(size_t room, size_t size)
{
	const uint8_t *packet = anything(room);
	const char *name = any_text(NAME);
	struct mxsel__message m;

	if (mxsel__wire_open(&m, packet, size, name, any_16(),
			(unsigned)any_size(0, UINT32_MAX)) == 0) {
		/* What read.c takes for granted. */
		/*@ assert m.packet == packet && m.size <= room; */
		/*@ assert m.question == name; */
		/*@ assert m.question_length <= 253; */
	}
}

int main(void)
{
	/*@ widen_hints global:"all", 16; */
	each_size(run);
	return 0;
}
