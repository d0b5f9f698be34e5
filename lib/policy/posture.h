/*
 * How a host must be reached (R96): one function from all that is known of
 * it, and the names of what comes out. Pure. May use base and name.
 */
#ifndef MXSEL_POLICY_POSTURE_H
#define MXSEL_POLICY_POSTURE_H

/* What is known of a host. */
struct mxsel__path {
	unsigned char tls;         /* MXSEL_TLS_* of the message */
	unsigned char wants_dane;  /* MXSEL_OPT_DANE, and TLS not optional */
	unsigned char dane;        /* MXSEL_DANE_* */
	unsigned char insecure_mx; /* DNSSEC says that its MX is insecure */
	unsigned char for_insecure_mx; /* MXSEL_INSECURE_MX_* */
	unsigned char is_secure;   /* its addresses, or the alias to them */
	unsigned char sts;         /* MXSEL_STS_* of a policy that lists it */
};

/* Are its TLSA records looked for at all? */
int mxsel__path_wants_tlsa(const struct mxsel__path *path);

/* MXSEL_POSTURE_*, and why: MXSEL_POSTURE_BY_*. */
int mxsel__path_posture(const struct mxsel__path *path, int *reason);

#endif
