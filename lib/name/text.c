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

/*
 * The length of a text that grows by one octet. It always fits, since 254
 * octets of a name become at most 1016 of text; so the mask changes nothing,
 * but whoever cannot count that far (tests/proof) sees that it fits.
 */
static size_t grown(size_t length)
{
	return (length + 1) & (MXSEL__NAME_TEXT_SIZE - 1u);
}

static void put(struct mxsel__text *text, unsigned octet)
{
	text->out[text->length] = (char)octet;
	text->length = grown(text->length);
}

void mxsel__text_begin(struct mxsel__text *text, char *out)
{
	text->out = out;
	text->length = 0;
	text->label = 0;
	text->wire = 0;
	text->odd = 0;
}

/* RFC 1035 5.1: \X for what has a meaning, \DDD for what cannot be seen. */
static void escape(struct mxsel__text *text, unsigned char octet)
{
	if (octet > 0x20 && octet < 0x7f) {
		if (octet == '.' || octet == '\\')
			put(text, '\\');
		put(text, octet);
		return;
	}
	put(text, '\\');
	put(text, '0' + octet / 100u);
	put(text, '0' + octet / 10u % 10u);
	put(text, '0' + octet % 10u);
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
		put(text, folded);
		return 0;
	}
	text->odd = 1;
	escape(text, octet);
	return 0;
}

int mxsel__text_run(struct mxsel__text *text, const char *from,
	size_t length, size_t *at)
{
	size_t begin = *at;
	size_t end = begin;
	size_t limit = begin + MXSEL__WIRE_NAME_MAX - text->wire;
	size_t to = text->length;

	while (end < length && end < limit) {
		unsigned char c = mxsel__name_fold[(unsigned char)from[end]];

		if (c == 0)
			break;
		text->out[to] = (char)c;
		to = grown(to);
		end++;
	}
	*at = end;
	text->length = to;
	return end == begin ? 0 : grow(text, end - begin);
}

int mxsel__text_label(struct mxsel__text *text)
{
	if (text->label == 0)
		return -1;
	text->label = 0;
	put(text, '.');
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
