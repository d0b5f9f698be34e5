/*
 * Trust anchors: records of a text or a file, one by one, so that it is known
 * what is trusted. May use the public headers and libc.
 */
#ifndef MXSEL_UNBOUND_ANCHOR_H
#define MXSEL_UNBOUND_ANCHOR_H

/* A DS or DNSKEY record of class IN. */
struct mxsel__ub_anchor {
	struct mxsel__ub_anchor *next;
	char record[]; /* as in a master file, in one line, from the root */
};

/*
 * Those of a text that is one record, or of a master file, before what the
 * list has. 0; MXSEL_ESYNTAX: there is none, or a record too long; MXSEL_EFILE;
 * MXSEL_ENOMEM. After an error the list is as it was.
 */
int mxsel__ub_anchors_of_text(struct mxsel__ub_anchor **list,
	const char *text);
int mxsel__ub_anchors_of_file(struct mxsel__ub_anchor **list,
	const char *file);

void mxsel__ub_anchors_free(struct mxsel__ub_anchor *list);

/* Is name zone, or below it? Final dots do not matter; "." has all. */
int mxsel__ub_is_below(const char *name, const char *zone);

#endif
