/*
 * Two names anywhere in any packet, and behind it, compared. Uses the room
 * wire.
 */
#include "proof/proof.h"
#include "wire/walk.h"

static void run(size_t room, size_t size)
{
	const uint8_t *packet = anything(room);
	unsigned long work = any_size(0, UINT32_MAX);

	(void)mxsel__walk_same(packet, size, any_size(0, 65537),
		any_size(0, 65537), &work);
}

int main(void)
{
	each_size(run);
	return 0;
}
