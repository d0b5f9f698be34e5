/*
 * A posture is kept or the mail is not sent. libcurl decides whether there is
 * TLS (CURLOPT_USE_SSL); whose certificate it is, is said to OpenSSL, because
 * libcurl knows neither TLSA records nor more than one name for a host.
 * OpenSSL must be the TLS library of this libcurl.
 */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "tls.h"

static int refuse(int ok, X509_STORE_CTX *chain)
{
	(void)ok;
	(void)chain;
	return 0;
}

/* guide: dane */
/* The handshake begins: tell it the TLSA records of the host. With none that
   OpenSSL takes no certificate is right: it would verify as if there were
   none. */
static void add_records(const mxsel *m, SSL *ssl)
{
	int usage, selector, matching, taken = 0;
	const uint8_t *data;
	size_t i, length;

	if (SSL_dane_enable(ssl, mxsel_tls_name(m)) > 0) {
		/* RFC 7672, 3.1.1: with usage 3 no name counts. */
		SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
		for (i = 0; mxsel_tlsa(m, i, &usage, &selector, &matching,
			&data, &length) == 0; i++)
			if (SSL_dane_tlsa_add(ssl, (uint8_t)usage,
				(uint8_t)selector, (uint8_t)matching, data,
				length) > 0)
				taken++;
		/* SSL_dane_enable() drops the names it finds. */
		for (i = 0; i < mxsel_tls_identity_count(m); i++)
			SSL_add1_host(ssl, mxsel_tls_identity(m, i));
	}
	ERR_clear_error(); /* of a bad record; it is none of the handshake's */
	if (taken == 0)
		SSL_set_verify(ssl, SSL_VERIFY_PEER, refuse);
}
/* guide: end */

static void at_handshake(const SSL *ssl, int where, int value)
{
	SSL_CTX *context = SSL_get_SSL_CTX(ssl);

	(void)value;
	if (where & SSL_CB_HANDSHAKE_START) {
		SSL_CTX_set_info_callback(context, NULL); /* once */
		/* It is const for those who only look. */
		add_records(SSL_CTX_get_app_data(context),
			(SSL *)(uintptr_t)ssl);
	}
}

/* libcurl has made a context for the connection. */
static CURLcode set_up(CURL *curl, void *context, void *user)
{
	X509_VERIFY_PARAM *names = SSL_CTX_get0_param(context);
	const mxsel *m = user;
	const char *name;
	size_t i;

	(void)curl;
	if (mxsel_posture(m) == MXSEL_POSTURE_DANE) {
		if (SSL_CTX_dane_enable(context) <= 0)
			return CURLE_SSL_CERTPROBLEM;
		SSL_CTX_set_app_data(context, user);
		SSL_CTX_set_info_callback(context, at_handshake);
		return CURLE_OK;
	}
	for (i = 0; (name = mxsel_tls_identity(m, i)) != NULL; i++)
		if (!X509_VERIFY_PARAM_set1_ip_asc(names, name) &&
			!X509_VERIFY_PARAM_add1_host(names, name, 0))
			return CURLE_OUT_OF_MEMORY;
	return CURLE_OK;
}

/* guide: posture */
int tls_prepare(CURL *curl, mxsel *m, const char *ca)
{
	int posture = mxsel_posture(m);
	int verify = posture >= MXSEL_POSTURE_PKIX;
	long use = posture == MXSEL_POSTURE_OPPORTUNISTIC ? CURLUSESSL_TRY :
		CURLUSESSL_ALL;

	if (curl_easy_setopt(curl, CURLOPT_USE_SSL, use) != 0 ||
		curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, 0L) != 0 ||
		/* The names are OpenSSL's affair, below. */
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L) != 0 ||
		curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER,
			verify ? 1L : 0L) != 0)
		return 0;
	if (!verify)
		return 1;
	if (ca != NULL && curl_easy_setopt(curl, CURLOPT_CAINFO, ca) != 0)
		return 0;
	return curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, set_up) == 0 &&
		curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, m) == 0;
}
/* guide: end */

/* A policy that cannot be read counts as none (RFC 8461, 3.3). */
void tls_use_policy(mxsel *m, const char *folder)
{
	const char *domain = mxsel_original_domain(m);
	char path[1024], body[65537];
	mxsel_sts *policy = NULL;
	struct stat its;
	size_t size;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, domain);
	if (domain[0] == '\0' || strchr(domain, '/') != NULL ||
		(f = fopen(path, "rb")) == NULL)
		return;
	size = fread(body, 1, sizeof body, f);
	/* The file is as old as the policy. */
	if (fstat(fileno(f), &its) == 0 && mxsel_sts_new(&policy, domain, body,
		size, (uint64_t)its.st_mtim.tv_sec) == 0)
		mxsel_set_sts(m, policy, (uint64_t)time(NULL));
	mxsel_sts_free(policy); /* the selection keeps it alive */
	fclose(f);
}

int tls_outcome(CURLcode result)
{
	switch (result) {
	case CURLE_PEER_FAILED_VERIFICATION:
		return MXSEL_OUTCOME_POLICY; /* TLS, with the wrong one */
	case CURLE_USE_SSL_FAILED: /* not offered, or 454 */
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_SSL_CACERT_BADFILE:
		return MXSEL_OUTCOME_TLS;
	default:
		return 0;
	}
}
