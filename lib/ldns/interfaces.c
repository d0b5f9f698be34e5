/*
 * The addresses of this machine's interfaces, for the loop check. May use
 * public headers and libc only.
 */
#define _DEFAULT_SOURCE

#include <mxsel/ldns.h>

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

/*
 * NULL for what has no address of ours to compare: other families, and
 * link-local IPv6, which is another host's on another link.
 */
static const char *address_text(const struct sockaddr *address,
	char text[INET6_ADDRSTRLEN])
{
	union {
		const struct sockaddr *any;
		const struct sockaddr_in *v4;
		const struct sockaddr_in6 *v6;
	} at = { .any = address };

	if (address == NULL)
		return NULL;
	if (address->sa_family == AF_INET)
		return inet_ntop(AF_INET, &at.v4->sin_addr, text,
			INET6_ADDRSTRLEN);
	if (address->sa_family == AF_INET6 &&
			!IN6_IS_ADDR_LINKLOCAL(&at.v6->sin6_addr))
		return inet_ntop(AF_INET6, &at.v6->sin6_addr, text,
			INET6_ADDRSTRLEN);
	return NULL;
}

static int add_all(mxsel_options *options, const struct ifaddrs *list)
{
	char text[INET6_ADDRSTRLEN];
	int result = 0, count = 0;

	for (; list != NULL && result == 0; list = list->ifa_next) {
		if (address_text(list->ifa_addr, text) == NULL)
			continue;
		result = mxsel_options_add_self_address(options, text);
		if (result == 0)
			count++;
	}
	return result == 0 ? count : result;
}

int mxsel_ldns_add_interfaces(mxsel_options *options)
{
	struct ifaddrs *list;
	int result;

	if (options == NULL)
		return MXSEL_EUSAGE;
	if (getifaddrs(&list) != 0)
		return errno == ENOMEM ? MXSEL_ENOMEM : MXSEL_ESYSTEM;
	result = add_all(options, list);
	freeifaddrs(list);
	return result;
}
