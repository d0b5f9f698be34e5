/*
 * The terminal's colours, in one place for all printers: green and red say
 * what the words say already, faint is what is not used. May use libc.
 */
#ifndef TOOLS_COLORS_H
#define TOOLS_COLORS_H

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[31m"
#define BOLD "\033[1m"
#define FAINT "\033[2m"
#define PLAIN "\033[0m"

#endif
