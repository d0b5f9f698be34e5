/*
 * Domain names as text: checked, folded to lower case, compared; text to and
 * from the wire. A name here is "a.example": lower case, absolute, without
 * the final dot; "" is the root. May use base.
 */
#ifndef MXSEL_NAME_NAME_H
#define MXSEL_NAME_NAME_H

#include <stddef.h>
#include <stdint.h>

#define MXSEL__NAME_MAX 253      /* octets of a name's text, RFC 1035 2.3.4 */
#define MXSEL__NAME_SIZE 254     /* room for it and its NUL */
#define MXSEL__WIRE_NAME_MAX 255 /* octets of a name on the wire */
/* Room for any wire name as text, every octet as \DDD, and the NUL. */
#define MXSEL__NAME_TEXT_SIZE 1024

/* What a name is: mxsel__name_parse(), mxsel__name_read(). */
enum mxsel__name_kind {
	MXSEL__NAME_GOOD,    /* a host name of letters, digits, '-' and '_' */
	MXSEL__NAME_ROOT,    /* "" or "." */
	MXSEL__NAME_ADDRESS, /* written as an IP address: 192.0.2.1,
	                        2001:db8::1, with or without brackets (R21);
	                        mxsel__address_from_name() reads it */
	MXSEL__NAME_ODD,     /* a name, with octets that no host name has; its
	                        text is escaped (\DDD, \.) (R20) */
	MXSEL__NAME_BROKEN   /* no name: empty label, too long, bad escape */
};

/* Letters folded to lower case, [0-9-_] as they are, 0 for other octets. */
extern const unsigned char mxsel__name_fold[256];

/*
 * Check a name's text (length octets, master-file escapes understood, one
 * final dot dropped) and write it, folded, to out, NUL-terminated; its
 * length goes to *out_length. GOOD and ADDRESS texts hold no escape.
 * Nothing useful is in out when the result is BROKEN.
 */
enum mxsel__name_kind mxsel__name_parse(char out[MXSEL__NAME_TEXT_SIZE],
	size_t *out_length, const char *text, size_t length);

/* Is this folded text, whose octets are all fine, an IP address? (R21) */
int mxsel__name_is_address(const char *name, size_t length);

/* ASCII case-insensitive, independent of locale (R6). */
int mxsel__name_equal(const char *a, const char *b);

/* Is name equal to suffix, or under it? Both folded. */
int mxsel__name_under(const char *name, const char *suffix);

/* Names that are not the public DNS's to answer (R5, RFC 6761, RFC 7686). */
enum mxsel__special {
	MXSEL__SPECIAL_NONE,
	MXSEL__SPECIAL_INVALID,   /* .invalid */
	MXSEL__SPECIAL_LOCALHOST, /* localhost and *.localhost */
	MXSEL__SPECIAL_ONION,     /* .onion */
	MXSEL__SPECIAL_LOCAL      /* .local */
};
enum mxsel__special mxsel__name_special(const char *name);

/*
 * A GOOD or ROOT name to the wire; out has room for MXSEL__WIRE_NAME_MAX.
 * Returns the octets written, 0 when it does not fit the rules.
 */
size_t mxsel__name_to_wire(uint8_t *out, const char *name);

#endif
