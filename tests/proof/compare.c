/*
 * Any two texts compared, any text looked up among the special names. Uses
 * the room name.
 */
#include "name/name.h"
#include "proof/proof.h"

static void run(size_t room, size_t size)
{
	const char *a = any_text(room);
	const char *b = any_text(NAME);

	(void)size;
	(void)mxsel__name_equal(a, b);
	(void)mxsel__name_equal(b, a);
	(void)mxsel__name_under(a, b);
	(void)mxsel__name_under(b, a);
	(void)mxsel__name_special(a);
}

int main(void)
{
	each_size(run);
	return 0;
}
