/*
 * Sentences for error numbers, and the version that runs.
 */
#include <mxsel/mxsel.h>

static const char *const sentences[] = {
	"no error",
	"there is not enough memory",
	"an argument is NULL, or the call came at the wrong moment",
	"a number is outside its range",
	"this is no valid name, address, pattern or line",
	"the answer is larger than a DNS message can be",
	"the message answers another question",
	"the message breaks the DNS wire format",
	"the buffer is too small",
	"the system gave no random numbers",
	"a system call failed",
	"the file is missing, cannot be written or does not parse",
	"the object was freed inside a callback",
};

const char *mxsel_strerror(int error)
{
	size_t count = sizeof(sentences) / sizeof(sentences[0]);

	if (error > 0 || error <= -(int)count)
		return "unknown error";
	return sentences[-error];
}

const char *mxsel_version(void)
{
	return MXSEL_VERSION_STRING;
}
