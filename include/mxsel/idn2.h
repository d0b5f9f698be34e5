/**
 * @file
 * @brief Internationalised domain names for libmxsel, by libidn2.
 *
 * Library libmxsel-idn2. U-labels become A-labels by UTS 46, non-transitional,
 * and IDNA2008 (RFC 5891).
 */
#ifndef MXSEL_IDN2_H
#define MXSEL_IDN2_H

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Let destinations have letters beyond ASCII.
 *
 * Sets mxsel_options_set_idn() to mxsel_idn2_to_ascii().
 * @return 0; MXSEL_EUSAGE for NULL, or while a selection uses the options.
 */
MXSEL_API int mxsel_idn2_use(mxsel_options *options);

/**
 * @brief UTF-8 to A-labels, as mxsel_options_set_idn() wants it.
 *
 * The text is bounded and checked as UTF-8 first. Names with "xn--" labels are
 * checked too.
 * @param name length octets. @param out room for 254 octets.
 * @return 0; MXSEL_ESYNTAX: no valid name; MXSEL_ENOMEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_idn2_to_ascii(const char *name, size_t length, char *out,
	void *user);

/**
 * @brief A-labels to UTF-8, for display.
 *
 * Labels that are no valid A-labels stay as they are.
 * @param name a domain name. @param out room. @param size in: octets at out;
 *        out: octets needed, with the NUL.
 * @return 0; MXSEL_ESPACE (size is set); MXSEL_ENOMEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_idn2_to_display(const char *name, char *out,
	size_t *size);

#ifdef __cplusplus
}
#endif

#endif
