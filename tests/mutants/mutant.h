/*
 * Read before every file of lib/ that instrument.py rewrote: each condition
 * of a branch goes through mutant_branch(), which hands it on, or, when it is
 * the one chosen, what the mutant makes of it. May use nothing.
 */
#ifndef TESTS_MUTANTS_MUTANT_H
#define TESTS_MUTANTS_MUTANT_H

enum mutant_kind { MUTANT_FALSE, MUTANT_TRUE, MUTANT_NOT };

/* 0: none. */
extern unsigned mutant_chosen;
extern int mutant_kind;
/* By condition: 1 it was false, 2 it was true, 3 both. */
extern unsigned char *mutant_seen;

static inline int mutant_branch(unsigned id, int is)
{
	mutant_seen[id] = (unsigned char)(mutant_seen[id] | 1 << is);
	if (id != mutant_chosen)
		return is;
	return mutant_kind == MUTANT_NOT ? !is : mutant_kind;
}

#endif
