/*
 * A selection in one call, for programs with one destination. Public headers
 * only.
 */
#include <mxsel/ldns.h>

static int make_resolver(mxsel_resolver **out, const char *server)
{
	int rc = mxsel_ldns_new(out, server == NULL ? NULL : "");

	if (rc == MXSEL_OK && server != NULL) {
		rc = mxsel_ldns_add_server(*out, server);
		if (rc != MXSEL_OK)
			mxsel_resolver_free(*out);
	}
	return rc;
}

int mxsel_ldns_select(mxsel **out, const char *destination,
	const char *server)
{
	mxsel_resolver *resolver;
	mxsel_options *options;
	int rc;

	if (out == NULL || destination == NULL)
		return MXSEL_EUSAGE;
	rc = make_resolver(&resolver, server);
	if (rc != MXSEL_OK)
		return rc;
	rc = mxsel_options_new(&options);
	if (rc == MXSEL_OK) {
		(void)mxsel_options_set_resolver(options, resolver);
		rc = mxsel_new(out, destination, options);
		mxsel_options_free(options);
	}
	mxsel_resolver_free(resolver);
	return rc;
}
