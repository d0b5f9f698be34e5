/**
 * @file
 * @brief The version of libmxsel: typed here and nowhere else.
 *
 * configure, the .pc files and mxsel_version() read it from this file.
 */
#ifndef MXSEL_VERSION_H
#define MXSEL_VERSION_H

/** The version as text. */
#define MXSEL_VERSION_STRING "0.1.0"

/** The version as a number that grows: 0xMMmmpp. */
#define MXSEL_VERSION_NUMBER 0x000100

#endif
