/*
 * Random numbers in stock, see dice.h. May use libc only.
 */
#include "ldns/dice.h"

#include <string.h>

#include <mxsel/mxsel.h>

#include "ldns/sys.h"

void mxsel__dice_init(struct mxsel__dice *d)
{
	memset(d, 0, sizeof *d);
}

int mxsel__dice_throw(struct mxsel__dice *d, uint16_t *out)
{
	uint8_t *at;
	int error;

	if (d->left < 2) {
		error = mxsel__sys_random(d->octets, sizeof d->octets);
		if (error != 0)
			return error;
		d->left = sizeof d->octets;
	}
	d->left -= 2;
	at = d->octets + d->left;
	*out = (uint16_t)(at[0] << 8 | at[1]);
	at[0] = at[1] = 0;
	return 0;
}
