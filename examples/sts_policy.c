/*
 * How a mail server keeps the MTA-STS policies of the domains it sends to:
 * when they are fetched, and what a failure changes. Its DNS and its HTTPS
 * client stand behind function pointers; here a table plays both. Nothing
 * leaves the process. The exit code is 0 when every test passed.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <mxsel/mxsel.h>
#include <mxsel/security.h>

/* guide: web */
/* The rest of the Internet, for MTA-STS. */
struct web {
	/* The TXT records of name; how many, -1: cannot be known now. */
	int (*texts)(void *user, const char *name, const char **texts,
		size_t *lengths, int room);
	/* GET with a certificate for the host, no redirect, a time limit of a
	   minute; 1: the body is there. */
	int (*get)(void *user, const char *url, char *body, size_t *size);
	void *user;
};
/* guide: end */

/* ----------------------------------------------- the mail server's own code */

/* guide: policy */
/* The policy of one domain as it is kept, in memory and on disk. */
struct kept {
	char id[33];       /* of the TXT record it was fetched for */
	mxsel_sts *policy; /* NULL: none */
	uint64_t refresh;  /* when it is fetched again, id or not */
	uint64_t retry;    /* not before this, after a failure */
};

/* Fetch the body, and keep what it says if it is a policy. */
static void fetch(struct kept *kept, const struct web *web,
	const char *domain, const char *id, uint64_t now)
{
	char url[320], body[65536];
	size_t size = sizeof body;
	mxsel_sts *policy;
	uint64_t half;

	kept->retry = now + 300;
	snprintf(url, sizeof url, "https://mta-sts.%s/.well-known/mta-sts.txt",
		domain);
	if (!web->get(web->user, url, body, &size))
		return; /* sts-policy-fetch-error in the TLS report */
	if (mxsel_sts_new(&policy, domain, body, size, now) != 0)
		return; /* sts-policy-invalid */
	mxsel_sts_free(kept->policy);
	kept->policy = policy;
	snprintf(kept->id, sizeof kept->id, "%s", id);
	half = mxsel_sts_max_age(policy) / 2;
	kept->refresh = now + (half < 86400 ? half : 86400);
	kept->retry = now;
}

/* Is it time to ask the web? Long before the policy expires, lest whoever can
   block the web at that second be rid of it (RFC 8461, 3.3 and 10.2). */
static int is_due(const struct kept *kept, const char *id, uint64_t now)
{
	if (now < kept->retry)
		return 0;
	if (kept->policy == NULL)
		return id[0] != '\0';
	return now >= kept->refresh ||
		(id[0] != '\0' && strcmp(id, kept->id) != 0);
}

/*
 * The policy for mail to domain now; NULL: none. Whatever fails here leaves
 * what is kept, until that expires: it is never a reason to bounce or to keep
 * a mail (RFC 8461, 3.3 and 5.1).
 */
static const mxsel_sts *policy_for(struct kept *kept, const struct web *web,
	const char *domain, uint64_t now)
{
	const char *texts[16];
	size_t lengths[16];
	char name[300], id[33];
	int count;

	snprintf(name, sizeof name, "_mta-sts.%s", domain);
	count = web->texts(web->user, name, texts, lengths, 16);
	if (count <= 0 || mxsel_sts_id(id, texts, lengths, (size_t)count) != 0)
		id[0] = '\0'; /* no record, or none that can be had */
	if (is_due(kept, id, now)) {
		if (id[0] == '\0')
			memcpy(id, kept->id, sizeof id);
		fetch(kept, web, domain, id, now);
	}
	if (kept->policy != NULL && mxsel_sts_expires(kept->policy) <= now) {
		mxsel_sts_free(kept->policy);
		kept->policy = NULL;
	}
	return kept->policy;
}
/* guide: end */

/* ------------------------------------------------------------ a web, played */

struct played {
	const char *text, *body;
	int fetched;
};

static int play_texts(void *user, const char *name, const char **texts,
	size_t *lengths, int room)
{
	const struct played *p = user;

	if (p->text == NULL || room < 1 ||
		strcmp(name, "_mta-sts.example.com") != 0)
		return -1;
	texts[0] = p->text;
	lengths[0] = strlen(p->text);
	return 1;
}

static int play_get(void *user, const char *url, char *body, size_t *size)
{
	struct played *p = user;

	p->fetched++;
	if (p->body == NULL || strlen(p->body) > *size || strcmp(url,
		"https://mta-sts.example.com/.well-known/mta-sts.txt") != 0)
		return 0;
	*size = strlen(p->body);
	memcpy(body, p->body, *size);
	return 1;
}

/* ---------------------------------------------------------------- the tests */

static int failures;

#define CHECK(what) \
	do { \
		if (!(what)) { \
			failures++; \
			printf("%s:%d: %s: %s\n", __FILE__, __LINE__, \
				__func__, #what); \
		} \
	} while (0)

#define POLICY_TEXT(mode) "version: STSv1\nmode: " mode \
	"\nmx: mx2.example.com\nmax_age: 86400\n"

static void a_policy_lives_until_it_expires_whatever_the_web_does(void)
{
	struct kept kept = { "", NULL, 0, 0 };
	struct played p = { NULL, NULL, 0 };
	struct web web = { play_texts, play_get, &p };

	CHECK(policy_for(&kept, &web, "example.com", 0) == NULL);
	CHECK(p.fetched == 0); /* no TXT record: nobody asks the web */
	p.text = "v=STSv1; id=1;";
	CHECK(policy_for(&kept, &web, "example.com", 0) == NULL);
	CHECK(policy_for(&kept, &web, "example.com", 299) == NULL);
	CHECK(p.fetched == 1); /* five minutes without a new try */
	p.body = POLICY_TEXT("enforce");
	CHECK(policy_for(&kept, &web, "example.com", 300) != NULL);
	CHECK(policy_for(&kept, &web, "example.com", 309) == kept.policy);
	CHECK(p.fetched == 2); /* the same id: not fetched again */
	p.text = "v=STSv1; id=2;";
	p.body = "<html>";
	CHECK(policy_for(&kept, &web, "example.com", 999) == kept.policy);
	CHECK(p.fetched == 3 && strcmp(kept.id, "1") == 0);
	p.text = NULL;
	CHECK(policy_for(&kept, &web, "example.com", 86699) != NULL);
	CHECK(policy_for(&kept, &web, "example.com", 86700) == NULL);
}

static void a_policy_is_fetched_anew_before_it_expires(void)
{
	struct kept kept = { "", NULL, 0, 0 };
	struct played p = { NULL, NULL, 0 };
	struct web web = { play_texts, play_get, &p };

	p.text = "v=STSv1; id=1;";
	p.body = POLICY_TEXT("enforce");
	CHECK(policy_for(&kept, &web, "example.com", 0) != NULL);
	CHECK(policy_for(&kept, &web, "example.com", 43199) != NULL);
	CHECK(p.fetched == 1);
	p.body = NULL; /* the web is away: the old one counts on */
	CHECK(policy_for(&kept, &web, "example.com", 43200) != NULL);
	CHECK(p.fetched == 2 && mxsel_sts_expires(kept.policy) == 86400);
	p.text = NULL; /* so is the TXT record; the web is there again */
	p.body = POLICY_TEXT("enforce");
	CHECK(policy_for(&kept, &web, "example.com", 43500) != NULL);
	CHECK(p.fetched == 3 && strcmp(kept.id, "1") == 0);
	CHECK(mxsel_sts_expires(kept.policy) == 129900);
	mxsel_sts_free(kept.policy);
}

static void an_empty_line_makes_it_no_policy(void)
{
	struct kept kept = { "", NULL, 0, 0 };
	struct played p = { "v=STSv1; id=1;", NULL, 0 };
	struct web web = { play_texts, play_get, &p };

	p.body = POLICY_TEXT("enforce") "\n";
	CHECK(policy_for(&kept, &web, "example.com", 0) == NULL);
	p.body = POLICY_TEXT("enforce");
	CHECK(policy_for(&kept, &web, "example.com", 300) != NULL);
	p.text = "v=STSv1; id=2;";
	p.body = POLICY_TEXT("none") "\n";
	CHECK(mxsel_sts_mode(policy_for(&kept, &web, "example.com", 301)) ==
		MXSEL_STS_ENFORCE); /* the earlier one counts on */
	mxsel_sts_free(kept.policy);
}

int main(void)
{
	a_policy_lives_until_it_expires_whatever_the_web_does();
	a_policy_is_fetched_anew_before_it_expires();
	an_empty_line_makes_it_no_policy();
	printf("%d of the checks failed\n", failures);
	return failures != 0;
}
