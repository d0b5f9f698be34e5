/*
 * The command line of mxsel, read into one structure. May use the public
 * headers.
 */
#ifndef TOOLS_SETTINGS_H
#define TOOLS_SETTINGS_H

#include <stddef.h>

#include <mxsel/mxsel.h>

enum settings_command {
	SETTINGS_PLAN,
	SETTINGS_EXPLAIN,
	SETTINGS_LINT,
	SETTINGS_BULK,
	SETTINGS_MEMORY,
	SETTINGS_COMMANDS,
	SETTINGS_HELP = SETTINGS_COMMANDS,
	SETTINGS_VERSION
};

enum settings_color {
	SETTINGS_COLOR_AUTO,
	SETTINGS_COLOR_ALWAYS,
	SETTINGS_COLOR_NEVER
};

struct settings {
	int command;          /* SETTINGS_PLAN and so on */
	int named;            /* the one that was written; -1: none */
	/* by command: an option that was given and is not of it; NULL: none */
	const char *strange[SETTINGS_COMMANDS];
	const char *meant;    /* a command that the destination is like */
	const char *help_group; /* the word behind --help; NULL: none */
	mxsel_options *options;
	const char **servers; /* the strings are argv's */
	size_t server_count;
	const char **zones;
	size_t zone_count;
	int mix_case;
	int trust_ad;         /* as mxsel_ldns_set_trust_ad() takes it */
	const char **anchors; /* files with trust anchors */
	size_t anchor_count;
	int validates;        /* what answers knows of DNSSEC */
	/* how securely hosts must be reached */
	int shows_tls;        /* is to be printed */
	int dane;
	int tls;              /* MXSEL_TLS_* */
	int tls_differs;      /* two options want two of them */
	const char *sts;      /* file name of a policy; NULL: none */
	/* how hosts behaved */
	const char *memory;   /* file name; NULL: none */
	const char *store;    /* a server of a cluster; NULL: none */
	const char *store_login; /* file name; NULL: none */
	const char **forgets; /* of --forget */
	size_t forget_count;
	int forgets_all;
	int port;             /* of --port; 0: none */
	const char *record;   /* file names; NULL: none */
	const char *replay;
	const char **destinations;
	size_t destination_count;
	int self_count;       /* of --self */
	int self_interfaces;
	int demo;
	int json;
	int keys;             /* JSON_* to print */
	int has_keys;         /* of --fields */
	int dot;
	int quiet;
	int color;            /* SETTINGS_COLOR_* */
	/* of bulk */
	int unordered;
	int progress;         /* SETTINGS_COLOR_* */
	size_t concurrency;
	size_t cache_size;    /* octets; 0: no cache */
	const char *resume;   /* file name; NULL: none */
};

/*
 * Read argv. 0; or the exit status, with one line said on stderr: EX_USAGE,
 * or EX_TEMPFAIL when there is no memory. settings_free() in any case.
 */
int settings_read(struct settings *s, int argc, char **argv);

void settings_free(struct settings *s);

/* "plan" for SETTINGS_PLAN, and so on. */
const char *settings_command_word(int command);

/* Is --help or --version all that is wanted? */
int settings_only_tells(const struct settings *s);

/* --color, NO_COLOR and what standard output is, together. */
int settings_want_color(const struct settings *s);

#endif
