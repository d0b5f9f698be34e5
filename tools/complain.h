/*
 * What the command says when something is wrong: one line on standard error,
 * and behind a semicolon what to do next. May use the public headers.
 */
#ifndef TOOLS_COMPLAIN_H
#define TOOLS_COMPLAIN_H

/*
 * "mxsel: what 'value': why; next". Each but next may be NULL, and what comes
 * from outside may hold any octet.
 */
void complain(const char *what, const char *value, const char *why,
	const char *next);

/*
 * Of an error of the library. The exit status: status, or EX_TEMPFAIL when it
 * is memory that is missing.
 */
int complain_error(const char *what, const char *value, int error,
	int status);

/* Of an error of the system, an errno number. status, or EX_TEMPFAIL. */
int complain_system(const char *what, const char *value, int error,
	int status);

/* What to do when there is no memory. */
extern const char complain_next_memory[];

/* What to do about an error of the system when files are read or written. */
const char *complain_next_system(int error);

#endif
