/*
 * Options: made with setters, shared by counting owners, and unchangeable
 * while a selection uses them, so that no lock is needed to read them.
 */
#include "select/select.h"

#include <string.h>

#include "cache/cache.h"
#include "cache/memory.h"

struct setting {
	int least, most, normal;
	const char *name;
};

/* By MXSEL_OPT_* number. */
static const struct setting settings[OPTION_COUNT] = {
	[MXSEL_OPT_PORT] = { 1, 65535, 25, "port" },
	[MXSEL_OPT_FAMILY] = { 0, MXSEL_FAMILY_V4_ONLY, 0, "family" },
	[MXSEL_OPT_SHUFFLE] = { 0, MXSEL_SHUFFLE_NONE, 0, "shuffle" },
	[MXSEL_OPT_IMPLICIT_ON_NXDOMAIN] = { 0, 1, 0, "implicit_on_nxdomain" },
	[MXSEL_OPT_STRICT_NULL_MX] = { 0, 1, 0, "strict_null_mx" },
	[MXSEL_OPT_MAX_ALIASES] = { 0, 16, 10, "max_aliases" },
	[MXSEL_OPT_ALLOW_EXCHANGE_ADDRESS] = { 0, 1, 0,
		"allow_exchange_address" },
	[MXSEL_OPT_REFUSE_EXCHANGE_ALIAS] = { 0, 1, 0,
		"refuse_exchange_alias" },
	[MXSEL_OPT_DEFER_NO_HOST] = { 0, 1, 0, "defer_no_host" },
	[MXSEL_OPT_DEFER_FILTERED] = { 0, 1, 0, "defer_filtered" },
	[MXSEL_OPT_ALLOW_LOOPBACK] = { 0, 1, 0, "allow_loopback" },
	[MXSEL_OPT_ALLOW_LINK_LOCAL] = { 0, 1, 0, "allow_link_local" },
	[MXSEL_OPT_REFUSE_PRIVATE] = { 0, 1, 0, "refuse_private" },
	[MXSEL_OPT_ASK_LOCAL] = { 0, 1, 0, "ask_local" },
	[MXSEL_OPT_HAND_OUT_ONION] = { 0, 1, 0, "hand_out_onion" },
	[MXSEL_OPT_MAX_RECORDS] = { 0, INT32_MAX, 100, "max_records" },
	[MXSEL_OPT_MAX_HOSTS] = { 0, INT32_MAX, 16, "max_hosts" },
	[MXSEL_OPT_MAX_HOST_ADDRESSES] = { 0, INT32_MAX, 16,
		"max_host_addresses" },
	[MXSEL_OPT_MAX_ADDRESSES] = { 0, INT32_MAX, 64, "max_addresses" },
	[MXSEL_OPT_MAX_QUERIES] = { 0, INT32_MAX, 40, "max_queries" },
	[MXSEL_OPT_SENDER] = { 0, 1, 0, "sender" },
	[MXSEL_OPT_KEEP_DUPLICATES] = { 0, 1, 0, "keep_duplicates" },
	[MXSEL_OPT_SELF_PORT] = { 1, 65535, 25, "self_port" },
	[MXSEL_OPT_TIME_LIMIT] = { 0, INT32_MAX, 30000, "time_limit" },
	[MXSEL_OPT_MAX_ATTEMPTS] = { 0, INT32_MAX, 0, "max_attempts" },
	[MXSEL_OPT_TRACE] = { 0, 1, 0, "trace" },
	[MXSEL_OPT_PREFETCH] = { 0, HOSTS_MAX, 0, "prefetch" },
	[MXSEL_OPT_DANE] = { 0, 1, 0, "dane" },
	[MXSEL_OPT_DANE_INSECURE_MX] = { 0, MXSEL_INSECURE_MX_MAY, 0,
		"dane_insecure_mx" },
};

/* What a selection without options goes by; the same as the table. */
const struct mxsel_options mxsel__defaults = {
	.values = {
		[MXSEL_OPT_PORT] = 25,
		[MXSEL_OPT_MAX_ALIASES] = 10,
		[MXSEL_OPT_MAX_RECORDS] = 100,
		[MXSEL_OPT_MAX_HOSTS] = 16,
		[MXSEL_OPT_MAX_HOST_ADDRESSES] = 16,
		[MXSEL_OPT_MAX_ADDRESSES] = 64,
		[MXSEL_OPT_MAX_QUERIES] = 40,
		[MXSEL_OPT_SELF_PORT] = 25,
		[MXSEL_OPT_TIME_LIMIT] = 30000,
	},
};

static int is_setting(int option)
{
	return option > 0 && option < OPTION_COUNT;
}

static int can_change(mxsel_options *options)
{
	return options != NULL && atomic_load(&options->owners) == 1;
}

/* What policy reads: kept beside the settings it comes from. */
static void refresh(mxsel_options *o)
{
	o->filter.allow_loopback =
		(unsigned char)o->values[MXSEL_OPT_ALLOW_LOOPBACK];
	o->filter.allow_link_local =
		(unsigned char)o->values[MXSEL_OPT_ALLOW_LINK_LOCAL];
	o->filter.refuse_private =
		(unsigned char)o->values[MXSEL_OPT_REFUSE_PRIVATE];
	o->filter.allowed = o->allowed.items;
	o->filter.allowed_count = o->allowed.count;
	o->filter.nat64 = o->nat64.items;
	o->filter.nat64_count = o->nat64.count;
}

static int new_options(mxsel_options **out,
	const struct mxsel__allocator *allocator)
{
	mxsel_options *o = mxsel__alloc(allocator, sizeof(*o));
	int i;

	if (o == NULL)
		return MXSEL_ENOMEM;
	memset(o, 0, sizeof(*o));
	o->allocator = *allocator;
	mxsel__arena_init(&o->arena, allocator, NULL, 0);
	atomic_init(&o->owners, 1);
	for (i = 1; i < OPTION_COUNT; i++)
		o->values[i] = settings[i].normal;
	refresh(o);
	*out = o;
	return MXSEL_OK;
}

int mxsel_options_new(mxsel_options **out)
{
	return out == NULL ? MXSEL_EUSAGE : new_options(out, &mxsel__malloc);
}

int mxsel_options_new_with_allocator(mxsel_options **out,
	mxsel_alloc_fn allocate, void *user)
{
	struct mxsel__allocator allocator;

	if (out == NULL || allocate == NULL)
		return MXSEL_EUSAGE;
	allocator.fn = allocate;
	allocator.user = user;
	return new_options(out, &allocator);
}

static void destroy(mxsel_options *o)
{
	struct mxsel__allocator allocator = o->allocator;

	mxsel__release(&allocator, o->self_names.items);
	mxsel__release(&allocator, o->self_addresses.items);
	mxsel__release(&allocator, o->allowed.items);
	mxsel__release(&allocator, o->nat64.items);
	mxsel__release(&allocator, o->filters.items);
	mxsel_resolver_free(o->resolver);
	mxsel_cache_free(o->cache);
	mxsel_memory_free(o->memory);
	mxsel__arena_free(&o->arena);
	mxsel__release(&allocator, o);
}

const struct mxsel_options *mxsel__options_hold(
	const struct mxsel_options *options)
{
	if (options == NULL)
		return &mxsel__defaults;
	/* The count is the one thing that changes in shared options. */
	atomic_fetch_add(&((mxsel_options *)(uintptr_t)options)->owners, 1);
	return options;
}

void mxsel__options_drop(const struct mxsel_options *options)
{
	mxsel_options *o = (mxsel_options *)(uintptr_t)options;

	if (o != NULL && o != &mxsel__defaults &&
		atomic_fetch_sub(&o->owners, 1) == 1)
		destroy(o);
}

void mxsel_options_free(mxsel_options *options)
{
	mxsel__options_drop(options);
}

size_t mxsel__options_limit(const struct mxsel_options *options, int option,
	size_t bound)
{
	size_t value = (size_t)options->values[option];

	return value == 0 || value > bound ? bound : value;
}

int mxsel_options_set(mxsel_options *options, int option, int value)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	if (!is_setting(option) || value < settings[option].least ||
		value > settings[option].most)
		return MXSEL_ERANGE;
	options->values[option] = value;
	refresh(options);
	return MXSEL_OK;
}

int mxsel_options_get(const mxsel_options *options, int option)
{
	if (options == NULL)
		return MXSEL_EUSAGE;
	return is_setting(option) ? options->values[option] : MXSEL_ERANGE;
}

const char *mxsel_option_name(int option)
{
	return is_setting(option) ? settings[option].name : NULL;
}

int mxsel_options_set_seed(mxsel_options *options, uint64_t seed)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	options->seed = seed;
	options->has_seed = 1;
	return MXSEL_OK;
}

int mxsel_options_set_resolver(mxsel_options *options,
	mxsel_resolver *resolver)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	if (resolver != NULL)
		mxsel__resolver_hold(resolver);
	mxsel_resolver_free(options->resolver);
	options->resolver = resolver;
	return MXSEL_OK;
}

int mxsel_options_set_cache(mxsel_options *options, mxsel_cache *cache)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	if (cache != NULL)
		mxsel__cache_hold(cache);
	mxsel_cache_free(options->cache);
	options->cache = cache;
	return MXSEL_OK;
}

int mxsel_options_set_memory(mxsel_options *options, mxsel_memory *memory)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	if (memory != NULL)
		mxsel__memory_hold(memory);
	mxsel_memory_free(options->memory);
	options->memory = memory;
	return MXSEL_OK;
}

int mxsel_options_set_rank(mxsel_options *options, mxsel_rank_fn rank,
	void *user)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	options->rank = rank;
	options->rank_user = user;
	return MXSEL_OK;
}

int mxsel_options_set_idn(mxsel_options *options, mxsel_idn_fn idn,
	void *user)
{
	if (!can_change(options))
		return MXSEL_EUSAGE;
	options->idn = idn;
	options->idn_user = user;
	return MXSEL_OK;
}

/* --- lists --------------------------------------------------------------- */

static int append(mxsel_options *o, struct list *list, const void *item,
	size_t size)
{
	char *items = list->items;

	if (list->count % 8 == 0) {
		/* No overflow: there is memory for all the others. */
		items = o->allocator.fn(items, (list->count + 8) * size,
			o->allocator.user);
		if (items == NULL)
			return MXSEL_ENOMEM;
		list->items = items;
	}
	memcpy(items + list->count * size, item, size);
	list->count++;
	refresh(o);
	return MXSEL_OK;
}

static int keep_text(mxsel_options *o, const char **out, const char *text)
{
	*out = text;
	if (text == NULL)
		return MXSEL_OK;
	*out = mxsel__arena_text(&o->arena, text, strlen(text));
	return *out == NULL ? MXSEL_ENOMEM : MXSEL_OK;
}

int mxsel_options_add_self_name(mxsel_options *options, const char *name)
{
	char folded[MXSEL__NAME_TEXT_SIZE];
	size_t length;
	const char *kept;

	if (!can_change(options) || name == NULL)
		return MXSEL_EUSAGE;
	if (mxsel__name_parse(folded, &length, name, strlen(name)) !=
		MXSEL__NAME_GOOD)
		return MXSEL_ESYNTAX;
	if (keep_text(options, &kept, folded) != MXSEL_OK)
		return MXSEL_ENOMEM;
	return append(options, &options->self_names, &kept, sizeof(kept));
}

int mxsel_options_add_self_address(mxsel_options *options, const char *address)
{
	struct mxsel__address parsed;

	if (!can_change(options) || address == NULL)
		return MXSEL_EUSAGE;
	if (mxsel__address_parse(&parsed, address, strlen(address)) !=
		MXSEL_OK)
		return MXSEL_ESYNTAX;
	return append(options, &options->self_addresses, &parsed,
		sizeof(parsed));
}

static int add_network(mxsel_options *options, struct list *list,
	const char *text, int nat64)
{
	struct mxsel__network network;

	if (mxsel__network_parse(&network, text, strlen(text)) != MXSEL_OK)
		return MXSEL_ESYNTAX;
	/* RFC 6052 2.2 knows these lengths and no other. */
	if (nat64 && (network.address.length != 16 || network.prefix < 32 ||
		(network.prefix > 64 && network.prefix != 96) ||
		network.prefix % 8 != 0))
		return MXSEL_ESYNTAX;
	return append(options, list, &network, sizeof(network));
}

int mxsel_options_allow_network(mxsel_options *options, const char *network)
{
	if (!can_change(options) || network == NULL)
		return MXSEL_EUSAGE;
	return add_network(options, &options->allowed, network, 0);
}

int mxsel_options_add_nat64(mxsel_options *options, const char *prefix)
{
	if (!can_change(options) || prefix == NULL)
		return MXSEL_EUSAGE;
	return add_network(options, &options->nat64, prefix, 1);
}

static int is_status(const char *status, int code)
{
	unsigned length = mxsel__outcome_status(status, code);

	return length > 0 && status[length] == '\0';
}

static char *keep_folded(mxsel_options *o, const char *pattern)
{
	char *kept = mxsel__arena_text(&o->arena, pattern, strlen(pattern));
	char *at;

	for (at = kept; at != NULL && *at != '\0'; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 0x20);
	return kept;
}

static int is_text(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return 0;
	return 1;
}

int mxsel_options_refuse_exchange(mxsel_options *options,
	const char *pattern, int code, const char *status, const char *text)
{
	struct name_filter filter;

	if (!can_change(options) || pattern == NULL)
		return MXSEL_EUSAGE;
	if (code < 400 || code > 599 ||
		(status != NULL && !is_status(status, code)))
		return MXSEL_ERANGE;
	if (pattern[0] == '\0' || strlen(pattern) > MXSEL__NAME_MAX ||
		!is_text(pattern) || (text != NULL && !is_text(text)))
		return MXSEL_ESYNTAX;
	if (status == NULL)
		status = code < 500 ? "4.7.1" : "5.7.1";
	filter.code = code;
	filter.pattern = keep_folded(options, pattern);
	if (filter.pattern == NULL ||
		keep_text(options, &filter.status, status) != MXSEL_OK ||
		keep_text(options, &filter.text, text) != MXSEL_OK)
		return MXSEL_ENOMEM;
	return append(options, &options->filters, &filter, sizeof(filter));
}

/* --- a copy -------------------------------------------------------------- */

static int copy_list(mxsel_options *o, struct list *to,
	const struct list *from, size_t size)
{
	size_t i;

	for (i = 0; i < from->count; i++)
		if (append(o, to, (const char *)from->items + i * size,
			size) != MXSEL_OK)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

static int copy_names(mxsel_options *o, const mxsel_options *from)
{
	const char *const *names = from->self_names.items;
	size_t i;
	const char *kept;

	for (i = 0; i < from->self_names.count; i++)
		if (keep_text(o, &kept, names[i]) != MXSEL_OK ||
			append(o, &o->self_names, &kept, sizeof(kept)) !=
			MXSEL_OK)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

static int copy_filters(mxsel_options *o, const mxsel_options *from)
{
	const struct name_filter *filters = from->filters.items;
	size_t i;

	for (i = 0; i < from->filters.count; i++)
		if (mxsel_options_refuse_exchange(o, filters[i].pattern,
			filters[i].code, filters[i].status,
			filters[i].text) != MXSEL_OK)
			return MXSEL_ENOMEM;
	return MXSEL_OK;
}

int mxsel_options_copy(mxsel_options **out, const mxsel_options *options)
{
	mxsel_options *o;

	if (out == NULL || options == NULL)
		return MXSEL_EUSAGE;
	if (new_options(&o, &options->allocator) != MXSEL_OK)
		return MXSEL_ENOMEM;
	memcpy(o->values, options->values, sizeof(o->values));
	o->seed = options->seed;
	o->has_seed = options->has_seed;
	o->rank = options->rank;
	o->rank_user = options->rank_user;
	o->idn = options->idn;
	o->idn_user = options->idn_user;
	o->record = options->record;
	o->record_user = options->record_user;
	refresh(o);
	(void)mxsel_options_set_resolver(o, options->resolver);
	(void)mxsel_options_set_cache(o, options->cache);
	(void)mxsel_options_set_memory(o, options->memory);
	if (copy_names(o, options) != MXSEL_OK ||
		copy_filters(o, options) != MXSEL_OK ||
		copy_list(o, &o->self_addresses, &options->self_addresses,
			sizeof(struct mxsel__address)) != MXSEL_OK ||
		copy_list(o, &o->allowed, &options->allowed,
			sizeof(struct mxsel__network)) != MXSEL_OK ||
		copy_list(o, &o->nat64, &options->nat64,
			sizeof(struct mxsel__network)) != MXSEL_OK) {
		mxsel_options_free(o);
		return MXSEL_ENOMEM;
	}
	*out = o;
	return MXSEL_OK;
}
