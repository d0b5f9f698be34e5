/*
 * A domain as most of them are: five hosts of two addresses each. May use
 * bench/answers.h.
 */
#ifndef TESTS_BENCH_EXAMPLE_COM_H
#define TESTS_BENCH_EXAMPLE_COM_H

#include "bench/answers.h"

static const struct answer_record zone[] = {
	{ "example.com", PACKET_MX, 10, "mx1.example.com" },
	{ "example.com", PACKET_MX, 10, "mx2.example.com" },
	{ "example.com", PACKET_MX, 20, "mx3.example.com" },
	{ "example.com", PACKET_MX, 20, "mx4.example.com" },
	{ "example.com", PACKET_MX, 30, "mx5.example.com" },
	{ "mx1.example.com", PACKET_A, 0, "\xc0\0\2\1" },
	{ "mx1.example.com", PACKET_AAAA, 0, "\1" },
	{ "mx2.example.com", PACKET_A, 0, "\xc0\0\2\2" },
	{ "mx2.example.com", PACKET_AAAA, 0, "\2" },
	{ "mx3.example.com", PACKET_A, 0, "\xc0\0\2\3" },
	{ "mx3.example.com", PACKET_AAAA, 0, "\3" },
	{ "mx4.example.com", PACKET_A, 0, "\xc0\0\2\4" },
	{ "mx4.example.com", PACKET_AAAA, 0, "\4" },
	{ "mx5.example.com", PACKET_A, 0, "\xc0\0\2\5" },
	{ "mx5.example.com", PACKET_AAAA, 0, "\5" },
	{ NULL, 0, 0, NULL }
};

#endif
