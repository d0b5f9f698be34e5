/*
 * Names as text, octet by octet. Text that comes in and names from the wire
 * go through here, so that one name has one text whatever its way. May use
 * base.
 */
#include "name/text.h"

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

const unsigned char mxsel__name_fold[256] = {
	['-'] = '-', ['_'] = '_',
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e',
	['f'] = 'f', ['g'] = 'g', ['h'] = 'h', ['i'] = 'i', ['j'] = 'j',
	['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n', ['o'] = 'o',
	['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't',
	['u'] = 'u', ['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y',
	['z'] = 'z',
	['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e',
	['F'] = 'f', ['G'] = 'g', ['H'] = 'h', ['I'] = 'i', ['J'] = 'j',
	['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n', ['O'] = 'o',
	['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't',
	['U'] = 'u', ['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y',
	['Z'] = 'z',
};

void mxsel__text_begin(struct mxsel__text *text, char *out)
{
	text->out = out;
	text->length = 0;
	text->label = 0;
	text->wire = 0;
	text->odd = 0;
}

/* RFC 1035 5.1: \X for what has a meaning, \DDD for what cannot be seen. */
static size_t escape(char *out, unsigned char octet)
{
	if (octet > 0x20 && octet < 0x7f && octet != '.' && octet != '\\') {
		out[0] = (char)octet;
		return 1;
	}
	out[0] = '\\';
	if (octet == '.' || octet == '\\') {
		out[1] = (char)octet;
		return 2;
	}
	out[1] = (char)('0' + octet / 100);
	out[2] = (char)('0' + octet / 10 % 10);
	out[3] = (char)('0' + octet % 10);
	return 4;
}

/* The label grows by count octets, one at least. 0, or -1: too long. */
static int grow(struct mxsel__text *text, size_t count)
{
	text->wire += count + (text->label == 0);
	text->label += count;
	return text->label > LABEL_MAX ||
		text->wire + 1 > MXSEL__WIRE_NAME_MAX ? -1 : 0;
}

int mxsel__text_octet(struct mxsel__text *text, unsigned char octet)
{
	unsigned char folded = mxsel__name_fold[octet];

	if (grow(text, 1) != 0)
		return -1;
	if (folded != 0) {
		text->out[text->length++] = (char)folded;
		return 0;
	}
	text->odd = 1;
	text->length += escape(text->out + text->length, octet);
	return 0;
}

int mxsel__text_run(struct mxsel__text *text, const char *from,
	size_t length, size_t *taken)
{
	char *out = text->out + text->length;
	size_t room = MXSEL__WIRE_NAME_MAX - text->wire;
	size_t n = 0;

	while (n < length && n < room) {
		unsigned char c = mxsel__name_fold[(unsigned char)from[n]];

		if (c == 0)
			break;
		out[n++] = (char)c;
	}
	*taken = n;
	text->length += n;
	return n == 0 ? 0 : grow(text, n);
}

int mxsel__text_label(struct mxsel__text *text)
{
	if (text->label == 0)
		return -1;
	text->label = 0;
	text->out[text->length++] = '.';
	return 0;
}

enum mxsel__name_kind mxsel__text_end(struct mxsel__text *text)
{
	if (text->label == 0 && text->length > 0)
		text->length--;
	text->out[text->length] = '\0';
	return mxsel__text_kind(text->out, text->length, text->odd);
}

enum mxsel__name_kind mxsel__text_kind(const char *text, size_t length,
	int odd)
{
	if (length == 0)
		return MXSEL__NAME_ROOT;
	/* Without odd octets only IPv4 is possible; it ends in a digit. */
	if (!odd && (text[length - 1] < '0' || text[length - 1] > '9'))
		return MXSEL__NAME_GOOD;
	if (mxsel__name_is_address(text, length))
		return MXSEL__NAME_ADDRESS;
	return odd ? MXSEL__NAME_ODD : MXSEL__NAME_GOOD;
}
