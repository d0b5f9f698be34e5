/*
 * The names of rejections, reasons and flags, for logs and scripts, and the
 * clause that each rejection comes from. The names never change: scripts
 * read them. May use base and name.
 */
#include <stddef.h>

#include <mxsel/mxsel.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

struct rejection {
	const char *name;
	const char *rule;
};

static const struct rejection rejections[] = {
	[MXSEL_REJECT_BAD_NAME] = { "bad_name", "RFC 1123 2.1" },
	[MXSEL_REJECT_IS_ADDRESS] = { "is_address", "RFC 5321 5.1" },
	[MXSEL_REJECT_NULL] = { "null", "RFC 7505 3" },
	[MXSEL_REJECT_DUPLICATE] = { "duplicate", "RFC 5321 5.1" },
	[MXSEL_REJECT_SELF] = { "self", "RFC 5321 5.1" },
	[MXSEL_REJECT_BEHIND_SELF] = { "behind_self", "RFC 5321 5.1" },
	[MXSEL_REJECT_LIMIT] = { "limit", "local limit" },
	[MXSEL_REJECT_NAME_FILTER] = { "name_filter", "local policy" },
	[MXSEL_REJECT_ALIAS] = { "alias", "RFC 2181 10.3" },
	[MXSEL_REJECT_SPECIAL_USE] = { "special_use", "RFC 6761" },
	[MXSEL_REJECT_NOT_FOUND] = { "not_found", "RFC 2308 2.1" },
	[MXSEL_REJECT_NO_ADDRESS] = { "no_address", "RFC 5321 5.1" },
	[MXSEL_REJECT_DNS] = { "dns", "RFC 5321 5.1" },
	[MXSEL_REJECT_FAMILY_OFF] = { "family_off", "local policy" },
	[MXSEL_REJECT_ALIAS_LOOP] = { "alias_loop", "RFC 1034 3.6.2" },
	[MXSEL_REJECT_UNSPECIFIED] = { "unspecified", "RFC 6890 2.2" },
	[MXSEL_REJECT_LOOPBACK] = { "loopback", "RFC 6890 2.2" },
	[MXSEL_REJECT_LINK_LOCAL] = { "link_local", "RFC 6890 2.2" },
	[MXSEL_REJECT_MULTICAST] = { "multicast", "RFC 1122 4.2.3.10" },
	[MXSEL_REJECT_BROADCAST] = { "broadcast", "RFC 1122 4.2.3.10" },
	[MXSEL_REJECT_RESERVED] = { "reserved", "RFC 6890 2.2" },
	[MXSEL_REJECT_PRIVATE] = { "private", "local policy" },
	[MXSEL_REJECT_STS] = { "sts_mismatch", "RFC 8461 5" },
	[MXSEL_REJECT_TLSA] = { "tlsa_failed", "RFC 7672 2.1" },
	[MXSEL_REJECT_INSECURE] = { "insecure_address", "RFC 7672 2.2.2" },
	[MXSEL_REJECT_REQUIRETLS] = { "not_located", "RFC 8689 4.2.1" },
};

static const char *const reasons[] = {
	[MXSEL_REASON_OK] = "ok",
	[MXSEL_REASON_NULL_MX] = "null_mx",
	[MXSEL_REASON_NO_DOMAIN] = "no_domain",
	[MXSEL_REASON_NO_HOST] = "no_host",
	[MXSEL_REASON_LOOP] = "loop",
	[MXSEL_REASON_BAD_DESTINATION] = "bad_destination",
	[MXSEL_REASON_DNS_TEMPORARY] = "dns_temporary",
	[MXSEL_REASON_FILTERED] = "filtered",
	[MXSEL_REASON_POLICY] = "policy",
	[MXSEL_REASON_UNREACHABLE] = "unreachable",
	[MXSEL_REASON_DELIVERED] = "delivered",
	[MXSEL_REASON_REPLY] = "reply",
};

static const char *const actions[] = {
	[MXSEL_ACTION_TRY] = "try",
	[MXSEL_ACTION_DELIVERED] = "delivered",
	[MXSEL_ACTION_DEFER] = "defer",
	[MXSEL_ACTION_BOUNCE] = "bounce",
};

static const char *const sources[] = {
	[MXSEL_SOURCE_NONE] = "none",
	[MXSEL_SOURCE_MX] = "mx",
	[MXSEL_SOURCE_IMPLICIT] = "implicit",
	[MXSEL_SOURCE_LITERAL] = "literal",
	[MXSEL_SOURCE_STATIC] = "static",
};

struct flag {
	uint32_t bit;
	const char *name;
};

static const struct flag flags[] = {
	{ MXSEL_FLAG_LIMITED, "limited" },
	{ MXSEL_FLAG_INCOMPLETE, "incomplete" },
	{ MXSEL_FLAG_MIXED_NULL_MX, "mixed_null_mx" },
	{ MXSEL_FLAG_NULL_MX_PREFERENCE, "null_mx_preference" },
	{ MXSEL_FLAG_DOMAIN_IS_ALIAS, "domain_is_alias" },
	{ MXSEL_FLAG_MX_IS_ALIAS, "mx_is_alias" },
	{ MXSEL_FLAG_MX_IS_ADDRESS, "mx_is_address" },
	{ MXSEL_FLAG_BAD_MX_NAME, "bad_mx_name" },
	{ MXSEL_FLAG_DUPLICATE_MX, "duplicate_mx" },
	{ MXSEL_FLAG_DUPLICATE_ADDRESS, "duplicate_address" },
	{ MXSEL_FLAG_SELF, "self" },
	{ MXSEL_FLAG_FILTERED, "filtered" },
	{ MXSEL_FLAG_FAMILY_OFF, "family_off" },
	{ MXSEL_FLAG_ALIAS_LOOP, "alias_loop" },
	{ MXSEL_FLAG_ALIAS_CHAIN, "alias_chain" },
	{ MXSEL_FLAG_IMPLICIT_NXDOMAIN, "implicit_nxdomain" },
	{ MXSEL_FLAG_MEMORY, "memory" },
};

const char *mxsel_reject_name(int reject)
{
	if (reject < 1 || reject >= COUNT(rejections))
		return NULL;
	return rejections[reject].name;
}

const char *mxsel_reject_rule(int reject)
{
	if (reject < 1 || reject >= COUNT(rejections))
		return NULL;
	return rejections[reject].rule;
}

const char *mxsel_reason_name(int reason)
{
	if (reason < 0 || reason >= COUNT(reasons))
		return NULL;
	return reasons[reason];
}

const char *mxsel_action_name(int action)
{
	if (action < 0 || action >= COUNT(actions))
		return NULL;
	return actions[action];
}

const char *mxsel_source_name(int source)
{
	if (source < 0 || source >= COUNT(sources))
		return NULL;
	return sources[source];
}

const char *mxsel_flag_name(uint32_t flag)
{
	int i;

	for (i = 0; i < COUNT(flags); i++) {
		if (flags[i].bit == flag)
			return flags[i].name;
	}
	return NULL;
}
