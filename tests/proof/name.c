/*
 * Any text read as a name, and what any text of a name is. Uses the room
 * name.
 */
#include "name/name.h"
#include "name/text.h"
#include "proof/any_address.h"
#include "proof/proof.h"

static void run(size_t room, size_t size)
{
	const char *text = anything(room);
	char *out = anything(MXSEL__NAME_TEXT_SIZE);
	size_t length;

	(void)mxsel__name_parse(out, &length, text, size);
	/*@ assert length <= 1023; */
	(void)mxsel__text_kind(text, size, (int)any_size(0, 1));
}

int main(void)
{
	/*@ widen_hints global:"all", 255, 1023; */
	each_size(run);
	return 0;
}
