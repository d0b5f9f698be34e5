/*
 * The built-in zone of --demo: domains that each show one thing a delivery
 * plan can come to. May use libc.
 */
#ifndef TOOLS_DEMO_ZONE_H
#define TOOLS_DEMO_ZONE_H

#include <stddef.h>

/* A master file's text, for mxsel_ldns_zone_text_new(). */
extern const char demo_zone_text[];

/* The destinations planned when none is given; ends with NULL. */
extern const char *const demo_zone_destinations[];

/* What this machine is called in the demo unless --self says otherwise. */
extern const char demo_zone_self[];

#endif
