/*
 * The table of faults, see fault.h. May use libc only.
 */
#include "sim/fault.h"

static const struct sim_fault_kind kinds[] = {
	{ 1, "nothing comes", SIM_FAILURE, 0, 0, 0 },
	{ 2, "the first are lost", SIM_HARMLESS, 1, 1, 3 },
	{ 3, "it comes too late", SIM_FAILURE, 12000, 500, 20000 },
	{ 4, "it comes twice", SIM_HARMLESS, 1, 1, 3 },
	{ 5, "others overtake it", SIM_HARMLESS, 200, 20, 400 },
	{ 6, "cut off", SIM_FAILURE, 20, 0, 160 },
	{ 7, "an empty datagram first", SIM_HARMLESS, 1, 1, 2 },
	{ 8, "junk first", SIM_HARMLESS, 1, 1, 2 },
	{ 9, "wrong id", SIM_FAILURE, 0, 0, 1 },
	{ 10, "wrong id, then right", SIM_HARMLESS, 1, 1, 3 },
	{ 11, "wrong name", SIM_FAILURE, 0, 0, 1 },
	{ 12, "wrong type or class", SIM_FAILURE, 0, 0, 3 },
	{ 13, "no question", SIM_FAILURE, 0, 0, 1 },
	{ 14, "two questions", SIM_FAILURE, 0, 0, 1 },
	{ 15, "a question for an answer", SIM_FAILURE, 0, 0, 1 },
	{ 16, "another opcode", SIM_FAILURE, 0, 0, 1 },
	{ 17, "from another address", SIM_FAILURE, 0, 0, 1 },
	{ 18, "from another port", SIM_FAILURE, 0, 0, 1 },
	{ 19, "letters of other case", SIM_HARMLESS, 0, 0, 0 },
	{ 20, "nobody listens there", SIM_FAILURE, 0, 0, 0 },
	{ 21, "larger than asked for", SIM_HARMLESS, 2000, 1233, 9000 },
	{ 22, "a flood of guesses", SIM_HARMLESS, 10000, 3, 60 },
	{ 23, "TCP: refused", SIM_FAILURE, 0, 0, 0 },
	{ 24, "TCP: a black hole", SIM_FAILURE, 0, 0, 0 },
	{ 25, "TCP: silence", SIM_FAILURE, 0, 0, 0 },
	{ 26, "TCP: closed at once", SIM_FAILURE, 0, 0, 0 },
	{ 27, "TCP: broken off", SIM_FAILURE, 20, 0, 60 },
	{ 28, "TCP: it drips", SIM_FAILURE, 400, 100, 800 },
	{ 29, "TCP: length 0", SIM_FAILURE, 0, 0, 11 },
	{ 30, "TCP: longer than it is", SIM_FAILURE, 0, 0, 0 },
	{ 31, "TCP: two in a segment", SIM_HARMLESS, 0, 0, 0 },
	{ 32, "TCP: split prefix", SIM_HARMLESS, 0, 0, 0 },
	{ 33, "TCP: not what was asked", SIM_FAILURE, 0, 0, 2 },
	{ 34, "TCP: truncated too", SIM_FAILURE, 0, 0, 0 },
	{ 35, "a part, truncated", SIM_HARMLESS, 0, 0, 1 },
	{ 36, "FORMERR to EDNS", SIM_HARMLESS, 0, 0, 0 },
	{ 37, "NOTIMP", SIM_FAILURE, 0, 0, 1 },
	{ 38, "BADVERS", SIM_HARMLESS, 0, 0, 0 },
	{ 39, "SERVFAIL", SIM_FAILURE, 0, 0, 0 },
	{ 40, "SERVFAIL for one family", SIM_FAILURE, 0, 0, 0 },
	{ 41, "REFUSED", SIM_FAILURE, 0, 0, 0 },
	{ 42, "NXDOMAIN with answers", SIM_FAILURE, 0, 0, 0 },
	{ 43, "no records and no SOA", SIM_MEANING, 0, 0, 0 },
	{ 44, "a referral", SIM_FAILURE, 0, 0, 0 },
	{ 45, "NXDOMAIN", SIM_MEANING, 0, 0, 0 },
	{ 47, "records of others", SIM_MEANING, 0, 0, 0 },
	{ 48, "in the wrong section", SIM_MEANING, 0, 0, 1 },
	{ 49, "class CH", SIM_MEANING, 0, 0, 0 },
	{ 56, "65,535 octets", SIM_HARMLESS, 0, 0, 0 },
	{ 58, "a pointer to itself", SIM_FAILURE, 0, 0, 1 },
	{ 59, "two pointers in a circle", SIM_FAILURE, 0, 0, 1 },
	{ 60, "a pointer forward", SIM_FAILURE, 0, 0, 1 },
	{ 61, "a pointer into the header", SIM_FAILURE, 0, 0, 1 },
	{ 62, "a chain of pointers", SIM_FAILURE, 0, 0, 1 },
	{ 63, "reserved label types", SIM_FAILURE, 0, 0, 3 },
	{ 64, "a label past the end", SIM_FAILURE, 0, 0, 1 },
	{ 65, "a name of 256 octets", SIM_FAILURE, 0, 0, 1 },
	{ 66, "RDLENGTH 0, 1, 2", SIM_FAILURE, 0, 0, 2 },
	{ 67, "RDLENGTH too short or long", SIM_FAILURE, 0, 0, 1 },
	{ 68, "RDLENGTH past the end", SIM_FAILURE, 0, 0, 0 },
	{ 69, "more records than there are", SIM_FAILURE, 0, 0, 0 },
	{ 70, "octets behind the end", SIM_HARMLESS, 7, 1, 600 },
	{ 71, "OPT twice, or among the answers", SIM_FAILURE, 0, 0, 1 },
	{ 73, "addresses of other sizes", SIM_FAILURE, 3, 0, 20 }
};

#define COUNT (sizeof kinds / sizeof kinds[0])

const struct sim_fault_kind *sim_fault_kind(int number)
{
	size_t i;

	for (i = 0; i < COUNT; i++)
		if (kinds[i].number == number)
			return &kinds[i];
	return NULL;
}

const struct sim_fault_kind *sim_fault_kind_at(size_t i)
{
	return i < COUNT ? &kinds[i] : NULL;
}
