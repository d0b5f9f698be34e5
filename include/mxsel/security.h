/**
 * @file
 * @brief How securely each host must be reached: DANE, MTA-STS, REQUIRETLS.
 *
 * The caller speaks TLS and HTTPS; here it is decided what he has to ask of
 * a host, and why. With MXSEL_OPT_DANE the TLSA records of a host are looked
 * up just before its first address is handed out, and a host whose TLSA
 * records cannot be had is passed over: a failing look-up never lowers what
 * is asked. An MTA-STS policy is given to the selection before its first
 * mxsel_next(). At each MXSEL_ATTEMPT the accessors below say what to do.
 *
 * DANE is worth as much as the resolver: every answer carries
 * MXSEL_SECURITY_*, and only SECURE counts. <mxsel/unbound.h> validates by
 * itself; <mxsel/ldns.h> believes the AD bit of servers that it was told to
 * trust.
 */
#ifndef MXSEL_SECURITY_H
#define MXSEL_SECURITY_H

#include <stddef.h>
#include <stdint.h>

#include <mxsel/mxsel.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---------------------------------------------- TLS for the attempt reached */

/** What TLS must be for an attempt; the higher, the stronger. */
enum {
	MXSEL_POSTURE_NONE = 0,          /**< no attempt is reached */
	MXSEL_POSTURE_OPPORTUNISTIC = 1, /**< TLS if it is offered, any
	                                      certificate; clear text if not */
	MXSEL_POSTURE_ENCRYPT = 2,       /**< TLS, any certificate */
	MXSEL_POSTURE_PKIX = 3,          /**< TLS, a certificate from a trusted
	                                      authority, for mxsel_tls_name() */
	MXSEL_POSTURE_DANE = 4           /**< TLS, a certificate that one of
	                                      mxsel_tlsa() matches */
};

/**
 * @brief What TLS must be for the attempt reached.
 *
 * DANE comes before MTA-STS and MTA-STS before opportunistic TLS; REQUIRETLS
 * raises what is left. Where it is not met, report MXSEL_OUTCOME_TLS when
 * there is no TLS (no STARTTLS, 454, a handshake that failed) and
 * MXSEL_OUTCOME_POLICY when the certificate is not the right one. With
 * OPPORTUNISTIC try clear text at the same address before that. It is a
 * matter of the message, too: a connection that is kept for another one must
 * meet what is asked for that one.
 * @return MXSEL_POSTURE_*.
 */
MXSEL_API int mxsel_posture(const mxsel *m);

/** Why it is so: mxsel_posture_reason(). Numbers never change. */
enum {
	MXSEL_POSTURE_BY_DEFAULT = 1,      /**< nothing asks for more */
	MXSEL_POSTURE_BY_NO_SECURITY = 2,  /**< DNSSEC does not vouch for the
	                                        host's addresses: no DANE */
	MXSEL_POSTURE_BY_NO_TLSA = 3,      /**< it has no TLSA records */
	MXSEL_POSTURE_BY_INSECURE_MX = 4,  /**< MXSEL_OPT_DANE_INSECURE_MX */
	MXSEL_POSTURE_BY_TLSA = 5,         /**< its TLSA records */
	MXSEL_POSTURE_BY_UNUSABLE_TLSA = 6, /**< none of them is usable */
	MXSEL_POSTURE_BY_STS = 7,          /**< MTA-STS, mode enforce */
	MXSEL_POSTURE_BY_STS_TESTING = 8,  /**< MTA-STS, mode testing: verify
	                                        as for PKIX, go on in any case,
	                                        tell mxsel_report_tls() */
	MXSEL_POSTURE_BY_REQUIRETLS = 9,   /**< mxsel_set_tls() */
	MXSEL_POSTURE_BY_TLS_OPTIONAL = 10 /**< mxsel_set_tls() */
};

/** @return MXSEL_POSTURE_BY_*; 0 when no attempt is reached. */
MXSEL_API int mxsel_posture_reason(const mxsel *m);
/** @return the name of a posture: "dane"; NULL: no such number. */
MXSEL_API const char *mxsel_posture_name(int posture);
/** @return the name of a MXSEL_POSTURE_BY_* number: "no_tlsa"; NULL. */
MXSEL_API const char *mxsel_posture_reason_name(int reason);
/** @return the clause it comes from: "RFC 7672 2.2"; NULL: none such. */
MXSEL_API const char *mxsel_posture_rule(int reason);

/**
 * @brief The name for TLS server name indication (RFC 7672, 8.1).
 * @return the TLSA base domain when there are TLSA records, else the host's
 *         name as published; "" for an address literal; NULL: no attempt.
 */
MXSEL_API const char *mxsel_tls_name(const mxsel *m);

/** @return how many names mxsel_tls_identity() has. */
MXSEL_API size_t mxsel_tls_identity_count(const mxsel *m);

/**
 * @brief A reference identifier: the certificate must be for one of them.
 *
 * With DANE the TLSA base domain, the host's name where a secure alias led
 * from it to that, and the next-hop domain, as given and, when DNSSEC vouches
 * for it, after its aliases (RFC 7672, 3.2.2); they matter for TLSA records
 * of usage 2, and not for those of usage 3. Else the host's name alone (RFC
 * 8461, 4.2); the address of an address literal.
 * @return the name, without final dot; NULL: no such index or no attempt.
 */
MXSEL_API const char *mxsel_tls_identity(const mxsel *m, size_t index);

/* --------------------------------------------------------------------- DANE */

/** What DANE comes to for a host (RFC 7672, 2.2): mxsel_dane(). */
enum {
	MXSEL_DANE_NONE = 0,      /**< not applicable: not secure, no TLSA
	                               records, or not looked for */
	MXSEL_DANE_RECORDS = 1,   /**< there are usable records */
	MXSEL_DANE_UNUSABLE = 2,  /**< there are records, none is usable */
	MXSEL_DANE_TEMPORARY = 3  /**< they cannot be had now; such a host is
	                               passed over and never reached */
};

/** @return MXSEL_DANE_* of the host reached. */
MXSEL_API int mxsel_dane(const mxsel *m);
/** @return the name of a MXSEL_DANE_* number: "records"; NULL: none such. */
MXSEL_API const char *mxsel_dane_name(int dane);
/** @return the name that "_25._tcp." was put before to find the records; ""
 *          when there are none. */
MXSEL_API const char *mxsel_tlsa_base(const mxsel *m);
/** @return how many usable TLSA records the host reached has. They are to be
 *          used where the posture is MXSEL_POSTURE_DANE, and nowhere else. */
MXSEL_API size_t mxsel_tlsa_count(const mxsel *m);

/**
 * @brief A usable TLSA record of the host reached (RFC 6698, 2.1), in an
 *        order that does not depend on the answer's: usage 3 first.
 * With usage 3 neither names nor expiry of the certificate count (RFC 7672,
 * 3.1.1). Not to be used after mxsel_ttl(): keys change.
 * @param usage 2 (DANE-TA) or 3 (DANE-EE). @param selector 0 (certificate)
 *        or 1 (public key). @param matching 0 (itself), 1 (SHA-256), 2
 *        (SHA-512). @param data the certificate association data, length
 *        octets; belongs to the selection. Any of the five may be NULL.
 * @return 0; MXSEL_ERANGE: no such record; MXSEL_EUSAGE: m is NULL.
 */
MXSEL_API int mxsel_tlsa(const mxsel *m, size_t index, int *usage,
	int *selector, int *matching, const uint8_t **data, size_t *length);

/* ------------------------------------------------ what the message asks for */

/** What a message asks of TLS (RFC 8689): mxsel_set_tls(). */
enum {
	MXSEL_TLS_BY_POLICY = 0, /**< nothing; as the domain wants it */
	MXSEL_TLS_REQUIRED = 1,  /**< MAIL FROM had REQUIRETLS */
	MXSEL_TLS_OPTIONAL = 2   /**< its header has "TLS-Required: No" */
};

/**
 * @brief Say what the message asks of TLS, before the first mxsel_next().
 *
 * REQUIRED: only hosts whose names DNSSEC or MTA-STS vouches for are used,
 * with an authenticated certificate; when there is none the verdict is 550
 * 5.7.30, and when none proves itself 550 5.7.10. The caller then also wants
 * REQUIRETLS from the host, and reports MXSEL_OUTCOME_REQUIRETLS where it is
 * not offered. OPTIONAL: neither DANE nor MTA-STS is applied. A reset goes
 * back to BY_POLICY.
 * @return 0; MXSEL_ERANGE for another number; MXSEL_EUSAGE for NULL, or
 *         after the first mxsel_next().
 */
MXSEL_API int mxsel_set_tls(mxsel *m, int tls);

/** @return MXSEL_TLS_*, as it was set. */
MXSEL_API int mxsel_tls(const mxsel *m);

/* ------------------------------------------------------------------ MTA-STS */

/** Modes of a policy (RFC 8461, 5). */
enum {
	MXSEL_STS_NONE = 0,    /**< the domain has no policy (any more) */
	MXSEL_STS_TESTING = 1, /**< use every host, report what fails */
	MXSEL_STS_ENFORCE = 2  /**< only hosts and certificates that match */
};

/**
 * @brief Find the policy's id among the TXT records of "_mta-sts.DOMAIN".
 *
 * A record of several strings is given as one, put together without a space.
 * Records that do not begin with "v=STSv1;" are passed over; exactly one
 * must be left, and be sound (RFC 8461, 3.1).
 * @param texts count records, lengths their octets. @param id room for 33
 *        octets: the id and a NUL; fetch the policy anew when it changed.
 * @return 0; MXSEL_ESYNTAX: the domain has no policy, or its record is not
 *         sound; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_sts_id(char id[33], const char *const *texts,
	const size_t *lengths, size_t count);

/**
 * @brief Read a policy: the body fetched from
 *        https://mta-sts.DOMAIN/.well-known/mta-sts.txt.
 *
 * Lines end with LF or CRLF, the last one may have no end (RFC 8461, 3.2).
 * Of a field that must not repeat the first counts; unknown fields are passed
 * over. A body over 65,536 octets and more than 1,000 mx fields are refused.
 * The body must not change during the call.
 * @param domain of the recipients the policy is for, in A-labels:
 *        mxsel_original_domain(). @param fetched when it
 *        was fetched, in seconds of any clock, the same as for
 *        mxsel_set_sts().
 * @return 0; MXSEL_ESYNTAX when domain is no name or the body is no policy
 *         (mxsel_sts_check() says why); MXSEL_ELIMIT when it is too large;
 *         MXSEL_ENOMEM; MXSEL_EUSAGE for NULL.
 */
MXSEL_API int mxsel_sts_new(mxsel_sts **out, const char *domain,
	const char *body, size_t size, uint64_t fetched);

/**
 * @brief Is this body a policy, and if not, why?
 * @param line out: the line at fault, from 1; 0: none in particular. @param
 *        why out: one sentence. Either may be NULL; both are set only when
 *        it is none.
 * @return 0; MXSEL_ESYNTAX; MXSEL_ELIMIT; MXSEL_EUSAGE when body is NULL.
 */
MXSEL_API int mxsel_sts_check(const char *body, size_t size, size_t *line,
	const char **why);

/** @return the domain the policy is for, lower-case A-labels; "" for NULL. */
MXSEL_API const char *mxsel_sts_domain(const mxsel_sts *policy);
/** @return MXSEL_STS_*; MXSEL_STS_NONE for NULL. */
MXSEL_API int mxsel_sts_mode(const mxsel_sts *policy);
/** @return the name of a mode: "enforce"; NULL: no such number. */
MXSEL_API const char *mxsel_sts_mode_name(int mode);
/** @return max_age: seconds it may be kept, 0..31557600; 0 for NULL. */
MXSEL_API uint32_t mxsel_sts_max_age(const mxsel_sts *policy);
/** @return the second from which on it counts no more; 0 for NULL. */
MXSEL_API uint64_t mxsel_sts_expires(const mxsel_sts *policy);
/** @return how many mx patterns it has. */
MXSEL_API size_t mxsel_sts_mx_count(const mxsel_sts *policy);
/** @return a pattern, "*.example.com", folded; NULL: no such index. */
MXSEL_API const char *mxsel_sts_mx(const mxsel_sts *policy, size_t index);

/**
 * @brief Does the policy list this host (RFC 8461, 4.1)?
 *
 * "*." stands for exactly one label. Letters count in either case.
 * @return 1; 0, also for NULL and for what is no host name.
 */
MXSEL_API int mxsel_sts_matches(const mxsel_sts *policy, const char *host);

/**
 * @brief Give a policy back. Selections that use it keep it alive; it may be
 *        shared by threads.
 */
MXSEL_API void mxsel_sts_free(mxsel_sts *policy);

/**
 * @brief Let a policy rule the selection, before the first mxsel_next().
 *
 * Enforce: a host it does not list is passed over, and if that leaves none
 * the mail is deferred (RFC 8461, 5). Testing: every host is used, and what
 * does not match is in mxsel_tlsrpt(). The policy is that of the domain mail
 * is for, mxsel_original_domain(), whatever aliases it has. A reset drops it;
 * so does mxsel_save() before the first answer.
 * A policy goes on counting until it expires, also when a newer one cannot be
 * fetched or read (RFC 8461, 5.1).
 * @param policy NULL: none (any more). @param now the time; see
 *        mxsel_sts_new().
 * @return 0; MXSEL_ERANGE when the policy has expired: one that was set
 *         before stays;
 *         MXSEL_EMISMATCH when it is for another domain; MXSEL_EUSAGE when m
 *         is NULL or after the first mxsel_next().
 */
MXSEL_API int mxsel_set_sts(mxsel *m, const mxsel_sts *policy, uint64_t now);

/* ------------------------------------------------------------------- TLSRPT */

/** Policy types of TLS reports (RFC 8460, 4.2). */
enum {
	MXSEL_TLSRPT_NO_POLICY = 0, /**< "no-policy-found" */
	MXSEL_TLSRPT_TLSA = 1,      /**< "tlsa" */
	MXSEL_TLSRPT_STS = 2        /**< "sts" */
};

/** Result types of TLS reports (RFC 8460, 4.3). Numbers never change. */
enum {
	MXSEL_TLSRPT_SUCCESS = 0,     /**< TLS as it was to be */
	MXSEL_TLSRPT_STARTTLS_NOT_SUPPORTED = 1, /**< no STARTTLS */
	MXSEL_TLSRPT_CERTIFICATE_HOST_MISMATCH = 2, /**< for other names */
	MXSEL_TLSRPT_CERTIFICATE_EXPIRED = 3, /**< it has expired */
	MXSEL_TLSRPT_CERTIFICATE_NOT_TRUSTED = 4, /**< no trusted issuer */
	MXSEL_TLSRPT_VALIDATION_FAILURE = 5, /**< of another kind */
	MXSEL_TLSRPT_TLSA_INVALID = 6, /**< no record usable, or none matches */
	MXSEL_TLSRPT_DNSSEC_INVALID = 7, /**< no answer that can be believed */
	MXSEL_TLSRPT_DANE_REQUIRED = 8, /**< DANE was wanted and is not there */
	MXSEL_TLSRPT_STS_POLICY_FETCH_ERROR = 9, /**< no policy over HTTPS */
	MXSEL_TLSRPT_STS_POLICY_INVALID = 10, /**< it cannot be read */
	MXSEL_TLSRPT_STS_WEBPKI_INVALID = 11 /**< of the policy's server */
};

/** @return the standard's name of a policy type: "tlsa"; NULL: none such. */
MXSEL_API const char *mxsel_tlsrpt_policy_name(int policy);
/** @return the standard's name of a result type: "tlsa-invalid"; NULL for
 *          SUCCESS, which has none, and other numbers. */
MXSEL_API const char *mxsel_tlsrpt_result_name(int result);

/** @return the policy type that rules the attempt reached, MXSEL_TLSRPT_*. */
MXSEL_API int mxsel_tlsrpt_policy(const mxsel *m);

/**
 * @brief Say what TLS came to at the attempt reached.
 *
 * Once for each attempt, before the mxsel_next() that leaves it; its place
 * relative to mxsel_report() does not matter. Decides nothing: it is kept for
 * mxsel_tlsrpt().
 * @param result MXSEL_TLSRPT_*.
 * @return 0; MXSEL_ERANGE for another number; MXSEL_ENOMEM; MXSEL_EUSAGE for
 *         NULL, when no attempt is reached or it was said already.
 */
MXSEL_API int mxsel_report_tls(mxsel *m, int result);

/** @return how many entries mxsel_tlsrpt() has; at most 200 are kept, the
 *          first ones. */
MXSEL_API size_t mxsel_tlsrpt_count(const mxsel *m);

/**
 * @brief One line of a TLS report, in the order things happened.
 *
 * What mxsel_report_tls() was told, and what the selection saw itself: TLSA
 * records that cannot be had ("dnssec-invalid") or that none is usable of
 * ("tlsa-invalid"), a host that the MTA-STS policy does not list
 * ("validation-failure"). mxsel_save() does not keep them.
 * @param host its name. @param address of the attempt, "" when none was
 *        made. @param policy, result MXSEL_TLSRPT_*. Any of the four may be
 *        NULL.
 * @return 0; MXSEL_ERANGE: no such entry; MXSEL_EUSAGE: m is NULL.
 */
MXSEL_API int mxsel_tlsrpt(const mxsel *m, size_t index, const char **host,
	const char **address, int *policy, int *result);

#ifdef __cplusplus
}
#endif

#endif
