/*
 * The faults of the caller, F91..F100, by file. May use host_judge.h.
 */
#ifndef TESTS_FAULTS_API_H
#define TESTS_FAULTS_API_H

/* api_threads.c */
void F91_threads(void);

/* api_callbacks.c */
void F92_cancelled_inside(void);
void F93_freed_inside(void);
void F94_begun_inside(void);

/* api_answers.c */
void F95_freed_on_the_way(void);
void F96_at_once(void);
void F97_never(void);
void F98_twice(void);

/* api_hostile.c */
void F99_hostile(void);

/* api_null.c; what it wants of the others */
void F100_null(void);
void api_null_core(void);     /* api_null_core.c */
void api_null_answers(void);  /* api_null_answers.c */
void api_null_security(void); /* api_null_security.c */
void api_null_memory(void);   /* api_null_memory.c */
void api_null_adapters(void); /* api_null_adapters.c */

/* This function was called; its name is good for the table. */
void api_called(const char *name);

/* f(arguments) must come to what the contract says of NULL and of what is
   none: MXSEL_EUSAGE; another error; 0; a NULL pointer; no text. */
#define GIVES(f, arguments, result) \
	(api_called(#f), f arguments == (result) ? (void)0 : \
		judge_fail("%s%s is not %s", #f, #arguments, #result))
#define USAGE(f, arguments) GIVES(f, arguments, MXSEL_EUSAGE)
#define ZERO(f, arguments) GIVES(f, arguments, 0)
#define NOTHING(f, arguments) GIVES(f, arguments, NULL)
#define NO_TEXT(f, arguments) \
	(api_called(#f), api_no_text(f arguments) ? (void)0 : \
		judge_fail("%s%s is a text", #f, #arguments))
#define SURVIVES(f, arguments) (api_called(#f), (void)f arguments)

int api_no_text(const char *text);

#endif
