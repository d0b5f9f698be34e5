/*
 * Whether the options of a command line go together. May use the public
 * headers.
 */
#ifndef TOOLS_SETTINGS_CHECK_H
#define TOOLS_SETTINGS_CHECK_H

#include "settings.h"

/* 0; or EX_USAGE, with one line said on stderr. */
int settings_check(const struct settings *s);

#endif
