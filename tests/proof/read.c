/*
 * Any message, more than any that was opened (open.c): only where it is, its
 * size and the question are what they must be. Its records and any name of
 * it are read. Uses the room wire.
 */
#include "proof/any_address.h"
#include "proof/any_same.h"
#include "proof/proof.h"
#include "wire/message.h"

static void run(size_t room, size_t size)
{
	struct mxsel__message m;
	struct mxsel__record record;
	char *out = anything(MXSEL__NAME_TEXT_SIZE);
	size_t length = 0;

	Frama_C_make_unknown((char *)&m, sizeof(m));
	m.packet = anything(room);
	m.size = size;
	m.question = any_text(MXSEL__NAME_MAX);
	m.question_length = (uint16_t)any_size(0, MXSEL__NAME_MAX);
	mxsel__wire_rewind(&m);
	m.next = any_size(0, 65535);
	if (mxsel__wire_next(&m, &record) == 1)
		(void)mxsel__wire_name(&m, record.exchange, out, &length);
	(void)mxsel__wire_name(&m, any_16(), out, &length);
	/*@ assert length <= 1023; */
	(void)mxsel__wire_is_no_host(&m, any_16());
	(void)mxsel__wire_name_is(&m, any_16(), any_text(NAME));
}

int main(void)
{
	/*@ widen_hints global:"all", 64, 320, 1023; */
	each_size(run);
	return 0;
}
