/*
 * Every finding of mxsel lint: the codes, and one row for each. May use libc.
 */
#ifndef TOOLS_LINT_TABLE_H
#define TOOLS_LINT_TABLE_H

enum lint_severity { LINT_HINT, LINT_WARNING, LINT_ERROR };

enum lint_code {
	LINT_NO_DOMAIN,
	LINT_SPECIAL_DOMAIN,
	LINT_MX_UNANSWERED,
	LINT_MX_LAME,
	LINT_MX_FAILED,
	LINT_DOMAIN_IS_ALIAS,
	LINT_ALIAS_DEAD,
	LINT_ALIAS_CHAIN,
	LINT_ALIAS_LONG,
	LINT_ALIAS_LOOP,
	LINT_NO_MX,
	LINT_NO_MAIL_HOST,
	LINT_NULL_MX_MIXED,
	LINT_NULL_MX_PREFERENCE,
	LINT_MX_IS_ADDRESS,
	LINT_MX_BAD_NAME,
	LINT_MX_ODD_NAME,
	LINT_MX_SINGLE_LABEL,
	LINT_MX_MISSING_DOT,
	LINT_MX_LOCALHOST,
	LINT_MX_SPECIAL,
	LINT_MX_DUPLICATE,
	LINT_MX_ALONE,
	LINT_MX_TOO_MANY,
	LINT_MX_IS_ALIAS,
	LINT_MX_NOT_FOUND,
	LINT_MX_NO_ADDRESS,
	LINT_NONE_USABLE,
	LINT_HOST_UNANSWERED,
	LINT_HOST_LAME,
	LINT_HOST_FAILED,
	LINT_A_FAILED,
	LINT_AAAA_FAILED,
	LINT_ADDRESS_UNSPECIFIED,
	LINT_ADDRESS_LOOPBACK,
	LINT_ADDRESS_LINK_LOCAL,
	LINT_ADDRESS_PRIVATE,
	LINT_ADDRESS_MULTICAST,
	LINT_ADDRESS_BROADCAST,
	LINT_ADDRESS_RESERVED,
	LINT_ADDRESS_SHARED,
	LINT_NO_IPV6,
	LINT_NO_IPV4,
	LINT_TLSA_FAILED,
	LINT_TLSA_NONE_USABLE,
	LINT_TLSA_BAD,
	LINT_TLSA_INSECURE,
	LINT_TLSA_INSECURE_MX,
	LINT_TLSA_WRONG_NAME,
	LINT_DNSSEC_UNKNOWN,
	LINT_STS_NONE_PERMITTED,
	LINT_STS_NOT_PERMITTED,
	LINT_STS_SHORT,
	LINT_STS_NOT_ENFORCED,
	LINT_TTL_TINY,
	LINT_TTL_SHORT,
	LINT_CODE_COUNT
};

/* "{}" in the text stands for what was found. */
struct lint_row {
	enum lint_severity severity;
	const char *code;
	const char *rule;
	const char *text;
	const char *advice;
};

extern const struct lint_row lint_rows[LINT_CODE_COUNT];

/* Figures that the texts and the guide speak of. */
#define LINT_ALIASES_MAX 10      /* links that senders follow, about */
#define LINT_RECORDS_MAX 16      /* MX records that senders look at, about */
#define LINT_TTL_LEAST 60UL      /* seconds */
#define LINT_TTL_USUAL 3600UL
#define LINT_STS_LEAST 86400UL

/* "error", "warning", "hint". */
const char *lint_severity_name(enum lint_severity severity);

#endif
