/*
 * How many blocks of memory this program holds. May use libc.
 */
#ifndef TESTS_FAULTS_HEAP_H
#define TESTS_FAULTS_HEAP_H

/* -1: cannot be counted here (a sanitizer, another C library). */
long heap_blocks(void);

#endif
