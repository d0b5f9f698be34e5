/*
 * Complaints, each with what to do next. The library's sentences and the
 * system's say what is wrong; what helps depends on the number alone. May use
 * the public headers.
 */
#include "complain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include <mxsel/mxsel.h>

#include "text.h"

const char complain_next_memory[] =
	"raise the limit (ulimit -v), or end what else runs, and try again";

struct advice {
	int error;
	const char *next;
};

static const struct advice by_library[] = {
	{ MXSEL_ENOMEM, complain_next_memory },
	{ MXSEL_ERANGE, "see its limits in mxsel(1)" },
	{ MXSEL_ELIMIT, "make it smaller" },
	{ MXSEL_ESYNTAX, "see in mxsel(1) how it is written" },
	{ MXSEL_EENTROPY, "give --seed N, or try again when it has some" },
	{ MXSEL_ESYSTEM, "try again; if it stays, see ulimit -a" },
	{ MXSEL_EFILE, "see that the file is there and well written" },
	{ 0, "this is a fault of mxsel: please report it, with the options" }
};

static const struct advice by_system[] = {
	{ ENOMEM, complain_next_memory },
	{ ENOENT, "see how the file and its folder are called" },
	{ ENOTDIR, "see how the file and its folder are called" },
	{ EISDIR, "name a file, not a folder" },
	{ EACCES, "see who may use the file and its folder (ls -l)" },
	{ EPERM, "see who may use the file and its folder (ls -l)" },
	{ EROFS, "name a file elsewhere: nothing can be written there" },
	{ ENOSPC, "make room on the disk, and run it again" },
	{ EDQUOT, "make room on the disk, and run it again" },
	{ EFBIG, "use a smaller file, or raise the limit (ulimit -f)" },
	{ EPIPE, "run it again with a reader that reads to the end" },
	{ EBADF, "run it again with standard input and output open" },
	{ EMFILE, "close files, or raise the limit (ulimit -n)" },
	{ ENFILE, "close files, or raise the limit (ulimit -n)" },
	{ 0, "see to that, and run it again" }
};

static const char *find_next(const struct advice *a, int error)
{
	while (a->error != 0 && a->error != error)
		a++;
	return a->next;
}

void complain(const char *what, const char *value, const char *why,
	const char *next)
{
	fputs("mxsel: ", stderr);
	if (what != NULL)
		text_plain(stderr, what);
	if (value != NULL) {
		fputs(what != NULL ? " '" : "'", stderr);
		text_plain(stderr, value);
		putc('\'', stderr);
	}
	if (why != NULL) {
		if (what != NULL || value != NULL)
			fputs(": ", stderr);
		text_plain(stderr, why);
	}
	fprintf(stderr, "; %s\n", next);
}

int complain_error(const char *what, const char *value, int error, int status)
{
	complain(what, value, mxsel_strerror(error),
		find_next(by_library, error));
	return error == MXSEL_ENOMEM ? EX_TEMPFAIL : status;
}

const char *complain_next_system(int error)
{
	return find_next(by_system, error);
}

int complain_system(const char *what, const char *value, int error, int status)
{
	complain(what, value, strerror(error), complain_next_system(error));
	return error == ENOMEM ? EX_TEMPFAIL : status;
}
