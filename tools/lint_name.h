/*
 * What a name itself shows, before anybody is asked. Names are lower case,
 * without the final dot. May use libc.
 */
#ifndef TOOLS_LINT_NAME_H
#define TOOLS_LINT_NAME_H

/* Is it "localhost" or under it? */
int lint_name_is_localhost(const char *name);

/* Is it one that the public DNS does not serve, localhost included? */
int lint_name_is_special(const char *name);

/* Why it can be no exchange, an enum lint_code; -1: it can. */
int lint_name_judge(const char *name);

/* An underscore, or a hyphen where a label begins or ends. */
int lint_name_is_odd(const char *name);

/* Does it end in the domain twice? The dot at its end was forgotten. */
int lint_name_has_domain_twice(const char *name, const char *domain);

#endif
