/*
 * How octets of a name become text, the same for names read from text and
 * from the wire: letters folded, what no host name has escaped (RFC 1035
 * 5.1). Shared by the rooms name and wire. May use base.
 */
#ifndef MXSEL_NAME_TEXT_H
#define MXSEL_NAME_TEXT_H

#include <stddef.h>

#include "name/name.h"

/* A name's text while it is written, one octet after the other. */
struct mxsel__text {
	char *out;     /* MXSEL__NAME_TEXT_SIZE octets */
	size_t length; /* octets written */
	size_t label;  /* octets of the label begun, escapes counted as one */
	size_t wire;   /* octets on the wire so far, without the final root */
	int odd;       /* an octet that no host name has */
};

void mxsel__text_begin(struct mxsel__text *text, char *out);

/* One octet of a label. 0, or -1: label or name is too long. */
int mxsel__text_octet(struct mxsel__text *text, unsigned char octet);

/*
 * The octets that a host name may have, of length octets from from[*at] on:
 * *at goes behind them. 0, or -1: label or name is too long.
 */
int mxsel__text_run(struct mxsel__text *text, const char *from,
	size_t length, size_t *at);

/* The label is complete. 0, or -1: it is empty. */
int mxsel__text_label(struct mxsel__text *text);

/*
 * The name is complete (a final dot is dropped): terminate the text, say what
 * it is.
 */
enum mxsel__name_kind mxsel__text_end(struct mxsel__text *text);

/* What a sound name is, from its folded and escaped text. */
enum mxsel__name_kind mxsel__text_kind(const char *text, size_t length,
	int odd);

#endif
