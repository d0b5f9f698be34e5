"""What may follow from a case, by the rules alone.

permitted(case) gives one Result for every order the rules permit (equal
preferences in any order): attempts, what is dropped, verdicts. Where they
leave two things open, a Result allows both. Nothing here is read from, or
made after, the C sources. Standard library only.
"""
import functools
import ipaddress
import itertools
from dataclasses import dataclass, field

# Settings, by the numbers of <mxsel/mxsel.h>.
PORT, FAMILY, SHUFFLE, IMPLICIT_ON_NXDOMAIN, STRICT_NULL_MX = 1, 2, 3, 4, 5
ALLOW_EXCHANGE_ADDRESS, REFUSE_ALIAS = 7, 8
DEFER_NO_HOST, DEFER_FILTERED, REFUSE_PRIVATE = 9, 10, 13
MAX_HOSTS, MAX_ADDRESSES, SENDER = 17, 19, 21
KEEP_DUPLICATES, SELF_PORT = 22, 23
INTERLEAVE, ANY, V6_FIRST, V4_FIRST, V6_ONLY, V4_ONLY = range(6)
DEFAULTS = {PORT: 25, SELF_PORT: 25, MAX_HOSTS: 16, MAX_ADDRESSES: 64}

# How a question ends.
NODATA, NXDOMAIN = 0, 1
FAILURES = tuple(range(2, 12))

# Outcomes of an attempt.
(DELIVERED, REFUSED, TIMEOUT, GREETING, EHLO, TLS, POLICY, MAIL, RCPT, DATA,
 LOST, OWN_NAME) = range(1, 13)

# R74: the lattice.
PERMANENT, TEMPORARY, FINAL, DONE = 1, 2, 3, 4
# How far the dialogue came; those that no rule puts in order are None.
FURTHER = {0: 0, REFUSED: 1, TIMEOUT: 1, GREETING: 2, EHLO: 3, TLS: 4,
           MAIL: 5, RCPT: 6, DATA: 7}

# Why a host is passed over without an address to use.
NOT_USED = ("no_address", "not_found", "dns", "family_off", "alias", "limit")
ADDRESS, HOST, OTHER, STOP = "address", "host", "other family", "stop"


@dataclass
class Case:
    """Records are (preference, exchange), "." being the root. zone gives for
    (name, "A" or "AAAA") a list of addresses or the end of the question;
    what is not there is NODATA."""
    records: list = field(default_factory=list)
    end: int = NODATA
    domain: str = "d.test"
    domain_alias: str = ""
    zone: dict = field(default_factory=dict)
    aliases: dict = field(default_factory=dict)
    own_names: tuple = ()
    own_addresses: tuple = ()
    reports: dict = field(default_factory=dict)
    favours: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)
    seed: int = 1

    def get(self, option):
        return self.options.get(option, DEFAULTS.get(option, 0))


@dataclass
class Result:
    """must: ({reasons}, preference, subject), each found once with one of
    the reasons; may: (reason, preference, subject), found or not."""
    attempts: list
    must: list
    may: set
    verdicts: set


@functools.lru_cache(maxsize=None)
def parsed(text):
    return ipaddress.ip_address(text)


@functools.lru_cache(maxsize=None)
def inside(address):
    """The IPv4 address in an IPv6 one (R63), or the address itself."""
    if address.version == 4:
        return address
    value = int(address)
    if address in ipaddress.ip_network("2002::/16"):
        return ipaddress.IPv4Address((value >> 80) & 0xffffffff)
    if address in ipaddress.ip_network("2001::/32"):
        return ipaddress.IPv4Address((value & 0xffffffff) ^ 0xffffffff)
    for net in ("::ffff:0:0/96", "64:ff9b::/96"):
        if address in ipaddress.ip_network(net):
            return ipaddress.IPv4Address(value & 0xffffffff)
    if value >> 32 == 0 and value > 1:
        return ipaddress.IPv4Address(value)
    return address


REFUSED_NETWORKS = [
    (ipaddress.ip_network(net), reason) for net, reason in (
        ("224.0.0.0/4", "multicast"), ("ff00::/8", "multicast"),
        ("255.255.255.255/32", "broadcast"), ("240.0.0.0/4", "reserved"),
        ("0.0.0.0/8", "reserved"), ("100::/64", "reserved"),
        ("127.0.0.0/8", "loopback"), ("::1/128", "loopback"),
        ("169.254.0.0/16", "link_local"), ("fe80::/10", "link_local"))]
PRIVATE = [ipaddress.ip_network(net) for net in (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
    "fc00::/7")]


@functools.lru_cache(maxsize=None)
def refused(text, private):
    """Why the filter refuses an address (R63), or None."""
    address = inside(parsed(text))
    for net, reason in REFUSED_NETWORKS:
        if address.version == net.version and address in net:
            return reason
    if private and any(address.version == net.version and address in net
                       for net in PRIVATE):
        return "private"
    return None


@functools.lru_cache(maxsize=None)
def is_unspecified(text):
    return int(inside(parsed(text))) == 0


@functools.lru_cache(maxsize=None)
def same_address(one, other):
    return inside(parsed(one)) == inside(parsed(other))


@functools.lru_cache(maxsize=None)
def is_address(name):
    try:
        parsed(name)
    except ValueError:
        return False
    return True


def is_host_name(name):
    return all(c.isascii() and (c.isalnum() or c in "-_.") for c in name)


def arrange(v6, v4, mode, v4_leads):
    """Addresses of one host (R33)."""
    if mode == V6_FIRST:
        return v6 + v4
    if mode == V4_FIRST:
        return v4 + v6
    first, second = (v4, v6) if mode == ANY and v4_leads else (v6, v4)
    both = itertools.zip_longest(first, second)
    return [a for pair in both for a in pair if a is not None]


class Looked:
    """A host and what its questions came to (R60)."""

    def __init__(self, case, preference, name, implicit=False):
        self.name = name
        self.preference = preference
        self.alias = False
        self.failed = False
        self.off = False
        self.gone = True
        self.self_addresses = []
        self.is_self = False
        self.filtered = []
        self.families = {"AAAA": [], "A": []}
        off = {V6_ONLY: "A", V4_ONLY: "AAAA"}.get(case.get(FAMILY))
        if is_address(name):
            self.alias_refused = False
            self.gone = False
            family = "A" if parsed(name).version == 4 else "AAAA"
            self.off = family == off
            if not self.off:
                self.judge(case, family, [name])
            return
        target = case.aliases.get(name, name)
        # An answer that failed says nothing, of aliases either (R14).
        heard = target == name or any(
            family != off and case.zone.get((target, family), NODATA)
            not in FAILURES for family in ("AAAA", "A"))
        self.is_self = heard and target in case.own_names
        self.alias_refused = bool(target != name and not implicit
                                  and case.get(REFUSE_ALIAS))
        for family in ("AAAA", "A"):
            answer = case.zone.get((target, family), NODATA)
            if family == off:
                self.off = True
            elif isinstance(answer, list):
                self.gone = False
                self.judge(case, family, answer)
            elif answer in FAILURES:
                self.failed = True
            elif answer == NODATA:
                self.gone = False
        # NXDOMAIN speaks of every type (RFC 8020).
        self.off = self.off and not self.gone

    def judge(self, case, family, addresses):
        ours = case.get(PORT) == case.get(SELF_PORT)
        for address in dict.fromkeys(addresses):
            if is_unspecified(address) or ours and any(
                    same_address(address, own)
                    for own in case.own_addresses):
                self.self_addresses.append(address)
                self.is_self = True
                continue
            why = refused(address, case.get(REFUSE_PRIVATE))
            if why:
                self.filtered.append((why, address))
            else:
                self.families[family].append(address)

    def is_dual(self):
        return bool(self.families["A"] and self.families["AAAA"])


# Verdicts: (action, code, status).
def permanent(code, status):
    return ("bounce", code, status)


def temporary(code, status):
    return ("defer", code, status)


LOOP = permanent(550, "5.4.6")
NO_HOST = permanent(550, "5.4.4")
FILTERED = permanent(550, "5.7.1")
NOT_NOW = temporary(451, "4.4.4")


def digits(code, text, default):
    """The status of a reply: its own when it is of the code's class."""
    own = text if text and int(text[0]) == code // 100 else ""
    return own or default


def follow(case, report, best):
    """(strength, verdict, where to go on) for a report (R71, R72)."""
    if report is None:
        return TEMPORARY, temporary(451, "4.4.1"), ADDRESS
    outcome, code, text = report
    if outcome == DELIVERED:
        return DONE, ("delivered", 250, "2.0.0"), STOP
    if outcome in (REFUSED, TIMEOUT):
        return TEMPORARY, temporary(451, "4.4.1"), ADDRESS
    if outcome == TLS:
        return TEMPORARY, temporary(451, "4.7.5"), ADDRESS
    if outcome == POLICY:
        return TEMPORARY, temporary(451, "4.7.1"), HOST
    if outcome == LOST:
        return TEMPORARY, temporary(451, "4.4.2"), HOST
    if outcome == OWN_NAME:
        return ((FINAL, LOOP, STOP) if best else
                (TEMPORARY, temporary(451, "4.4.6"), STOP))
    early = outcome in (GREETING, EHLO)
    if code // 100 == 4:
        default = {GREETING: "4.3.2", EHLO: "4.5.0"}.get(outcome, "4.0.0")
        return (TEMPORARY, temporary(code, digits(code, text, default)),
                ADDRESS if early else HOST)
    default = {GREETING: "5.3.2", EHLO: "5.5.0"}.get(outcome, "5.0.0")
    if early and code == 521:
        default = "5.3.2"
    verdict = permanent(code, digits(code, text, default))
    if early:
        return PERMANENT, verdict, HOST if code == 521 else ADDRESS
    return FINAL, verdict, STOP


class Pass:
    """One walk over the hosts in one order."""

    def __init__(self, case, groups, must, limited, lead):
        self.case = case
        self.groups = groups
        self.must = list(must)
        self.may = set()
        self.lead = lead
        self.attempts = []
        # (strength, how far, verdict)
        self.items = [(TEMPORARY, 0, NOT_NOW)] if limited else []
        self.seen = set()
        self.over = False
        self.planned = 0
        self.in_doubt = False
        self.absent = []

    def drop(self, reasons, preference, subject):
        reasons = {reasons} if isinstance(reasons, str) else reasons
        self.must.append((frozenset(reasons), preference, subject))

    def prune(self, index, group, rest):
        """We are among them: this preference and all after it go (R52)."""
        for host in group:
            why = {"self"} if host.is_self else {
                "behind_self", "no_address", "not_found", "dns", "family_off",
                "alias"}
            self.drop(why, host.preference, host.name)
            for address in host.self_addresses:
                self.may |= {(w, host.preference, address)
                             for w in ("self", "unspecified")}
            self.may |= {(w, host.preference, a) for w, a in host.filtered}
        for preference, name in rest:
            self.drop("behind_self", preference, name)
        for preference, names in self.groups[index + 1:]:
            for name in names:
                self.drop("behind_self", preference, name)

    def unusable(self, host):
        """A host without any address to use (R60-R62, R64, R35)."""
        at = (host.preference, host.name)
        if host.alias_refused:
            # Where a family failed nobody may have seen the alias.
            self.drop({"alias", "dns"} if host.failed else "alias", *at)
            self.items += [(TEMPORARY, 0, NOT_NOW)] if host.failed else \
                [(PERMANENT, 0, NO_HOST), (PERMANENT, 0, FILTERED)]
            return
        if host.failed:
            self.drop("dns", *at)
            self.items.append((TEMPORARY, 0, NOT_NOW))
        elif host.off:
            if host.filtered:
                self.may.add(("family_off", *at))
            else:
                self.drop("family_off", *at)
            self.items.append((TEMPORARY, 0, NOT_NOW))
        elif host.filtered:
            self.items.append((PERMANENT, 0, FILTERED))
        else:
            self.drop("not_found" if host.gone else
                      {"no_address", "not_found"}, *at)
            self.items.append((PERMANENT, 0, NO_HOST))

    def visit(self, host, best):
        """Hand out the addresses of a host."""
        for why, address in host.filtered:
            self.drop(why, host.preference, address)
        if host.alias_refused or not any(host.families.values()):
            self.absent.append(host.preference)
            self.unusable(host)
            return
        if host.failed:
            self.items.append((TEMPORARY, 0, NOT_NOW))
        mode = self.case.get(FAMILY)
        places = arrange(host.families["AAAA"], host.families["A"], mode,
                         self.lead.get(host.name))
        if self.case.get(KEEP_DUPLICATES):
            left = places
        else:
            left = [a for a in places if a not in self.seen]
            for address in places:
                if address in self.seen:
                    self.drop("duplicate", host.preference, address)
            self.seen.update(left)
        self.hand_out(host, left, best)

    def hand_out(self, host, left, best):
        room = len(left)
        if self.case.get(MAX_ADDRESSES):
            room = min(room, self.case.get(MAX_ADDRESSES) - self.used())
        self.may |= {("limit", host.preference, a) for a in left[room:]}
        rest, left = left[room:], left[:room]
        self.planned += room
        if rest:
            self.items.append((TEMPORARY, 0, NOT_NOW))
        dual = len({parsed(a).version for a in left}) == 2
        first = True
        while left:
            address, left = left[0], left[1:]
            self.attempts.append((host.preference, host.name, address))
            report = self.case.reports.get(address)
            strength, verdict, go = follow(self.case, report, best)
            if first and dual and strength in (FINAL, PERMANENT) \
                    and report[2].startswith("5.7.") \
                    and report[1] // 100 == 5:
                strength, go = PERMANENT, OTHER
            first = False
            how = report[0] if report else REFUSED
            self.items.append((strength, how, verdict))
            if how == OWN_NAME and best:
                # Is it the best MX, when better records name no host?
                self.in_doubt = any(p < host.preference
                                    for p, _ in self.case.records)
            if go == STOP:
                self.over = True
            if go in (STOP, HOST):
                return
            if go == OTHER:
                version = parsed(address).version
                while left and parsed(left[0]).version == version:
                    left = left[1:]

    def used(self):
        """What R37 counts: addresses that a report passed over, too."""
        return self.planned

    def run(self, hit):
        """hit: the preference at which our own name was found, or None."""
        for index, (preference, names) in enumerate(self.groups):
            group, before = names, len(self.items)
            if self.case.own_addresses:
                # R56: the whole preference before one is handed out.
                group = [Looked(self.case, preference, n) for n in names]
                if any(host.is_self for host in group):
                    self.prune(index, group, [])
                    return self.end(preference)
            for at, host in enumerate(group):
                if isinstance(host, str):
                    host = Looked(self.case, preference, host)
                if host.is_self:
                    rest = [(preference, n) for n in group[at + 1:]]
                    self.prune(index, [host], rest)
                    # Equals reached before are dropped as well (R52), and
                    # one that failed for now was there (R61): both stand.
                    found = self.end(preference)
                    self.items[before:] = [item for item in
                                           self.items[before:] if item[1]]
                    return found | self.end(preference)
                self.visit(host, index == 0)
                if self.over:
                    self.maybe(group[at + 1:])
                    return self.end(None)
                if self.is_full() and not self.is_last(index, at):
                    self.cut(index, group[at + 1:])
                    return self.end(None)
        return self.end(hit)

    def is_full(self):
        return self.used() == self.case.get(MAX_ADDRESSES) != 0

    def is_last(self, index, at):
        return index + 1 == len(self.groups) and \
            at + 1 == len(self.groups[index][1])

    def maybe(self, hosts):
        """Looked up with their equals (R56), and then not reached."""
        for host in hosts:
            if not isinstance(host, str):
                at = (host.preference, host.name)
                self.may |= {(why, *at) for why in NOT_USED}
                self.may |= {(w, host.preference, a)
                             for w, a in host.filtered}
                self.may |= {(why, host.preference, a)
                             for v in host.families.values() for a in v
                             for why in ("duplicate", "limit")}

    def cut(self, index, hosts):
        """R37: no more addresses; who comes after is not tried."""
        self.maybe(hosts)
        names = [h if isinstance(h, str) else h.name for h in hosts]
        for preference, rest in [(self.groups[index][0], names),
                                 *self.groups[index + 1:]]:
            for name in rest:
                self.may |= {(why, preference, name) for why in NOT_USED}
        self.items.append((TEMPORARY, 0, NOT_NOW))

    def end(self, hit):
        """The verdicts; hit: the preference we stand at, or None."""
        if self.attempts and hit is not None and \
                any(preference < hit for preference in self.absent):
            # R54: we are the backup of one that has no address now.
            self.items.append((TEMPORARY, 0, NOT_NOW))
        if hit is None or self.attempts:
            return self.decided()
        if any(preference < hit for preference, _ in self.groups):
            return {NOT_NOW}                        # R54
        if any(preference < hit for preference, _ in self.case.records):
            return {NOT_NOW, LOOP}  # better ones, but no names of hosts
        return {LOOP}                               # R53


    def decided(self):
        found = decide(self.case, self.items)
        if self.in_doubt:
            items = [(TEMPORARY, how, temporary(451, "4.4.6"))
                     if how == OWN_NAME else (strength, how, verdict)
                     for strength, how, verdict in self.items]
            found |= decide(self.case, items)
        return found


def decide(case, items):
    """The strongest decides; of equals who came further (R74)."""
    strongest = max((s for s, _, _ in items), default=0)
    if strongest == 0:
        return {NOT_NOW if case.get(DEFER_NO_HOST) else NO_HOST}
    equal = [(FURTHER.get(how), verdict) for s, how, verdict in items
             if s == strongest]
    furthest = max((how for how, _ in equal if how is not None), default=-1)
    found = {verdict for how, verdict in equal if how is None}
    ranked = [verdict for how, verdict in equal if how == furthest]
    if furthest > 0:
        ranked = ranked[:1]
    found.update(ranked)
    if strongest == PERMANENT:
        found = defer(case, found, equal)
    return found


def defer(case, found, equal):
    """The settings that make a permanent end temporary (R62, R64)."""
    untried = {verdict for how, verdict in equal if how == 0}
    none_tried = all(how == 0 for how, _ in equal)
    may = set()
    if NO_HOST in untried and case.get(DEFER_NO_HOST):
        may.add(NOT_NOW)
    if FILTERED in untried and case.get(DEFER_FILTERED):
        may |= {temporary(451, "4.7.1"), NOT_NOW}
    if none_tried and (
            case.get(DEFER_NO_HOST) and untried == {NO_HOST} or
            case.get(DEFER_FILTERED) and untried == {FILTERED}):
        return may
    return found | may


def only(verdict, must=()):
    return [Result([], list(must), set(), {verdict})]


def sift(case, must):
    """Records that name hosts: {name: preference}; None for a null MX."""
    roots = [r for r in case.records if r[1] == "."]
    others = [r for r in case.records if r[1] != "."]
    if roots and (not others or case.get(STRICT_NULL_MX)):
        return None
    must += [(frozenset({"null", "duplicate", "behind_self"}), p, ".")
             for p, _ in roots]
    hosts = {}
    for preference, name in sorted((p, n.lower()) for p, n in others):
        why = ""
        if not is_address(name) and not is_host_name(name):
            why = {"bad_name", "duplicate", "behind_self"}
        elif is_address(name) and not case.get(ALLOW_EXCHANGE_ADDRESS):
            why = {"is_address", "duplicate", "behind_self"}
        elif name in hosts:
            why = {"duplicate"}
        else:
            hosts[name] = preference
            continue
        must.append((frozenset(why), preference, name))
    return hosts


def orders(case, hosts):
    """Every order the rules permit: groups of (preference, [names])."""
    groups = {}
    for name, preference in hosts.items():
        groups.setdefault(preference, []).append(name)
    ways = []
    for preference in sorted(groups):
        names = sorted(groups[preference])
        shuffled = ([names] if case.get(SHUFFLE) == 2
                    else itertools.permutations(names))
        # R40: stable, after the shuffle.
        ways.append({tuple(sorted(names, key=lambda n:
                                  -case.favours.get(n, 0)))
                     for names in shuffled})
    for way in itertools.product(*ways):
        yield list(zip(sorted(groups), way))


def cut_hosts(case, groups):
    """R37: hosts beyond the limit, the best stay."""
    limit = case.get(MAX_HOSTS)
    kept, dropped = [], []
    for preference, names in groups:
        room = max(0, limit - sum(len(n) for _, n in kept)) \
            if limit else len(names)
        if names[:room]:
            kept.append((preference, names[:room]))
        dropped += [(preference, n) for n in names[room:]]
    return kept, dropped


def leads(case, hosts):
    """Which family leads at each host, where that is left to chance."""
    if case.get(FAMILY) != ANY:
        return [{}]
    return [dict(zip(hosts, way)) for way in
            itertools.product((False, True), repeat=len(hosts))]


def permitted(case):
    must = []
    if case.end in FAILURES:
        yield from only(temporary(451, "4.4.3"))    # R14
        return
    domain = case.domain_alias or case.domain
    if case.end == NXDOMAIN and not case.get(IMPLICIT_ON_NXDOMAIN):
        yield from only(permanent(550, "5.1.2"))    # R12
        return
    if case.records and case.end == NODATA:
        hosts = sift(case, must)
        if hosts is None:
            null = "5.7.27" if case.get(SENDER) else "5.1.10"
            result = only(permanent(550 if case.get(SENDER) else 556, null))
            result[0].may = {(why, p, n.lower()) for p, n in case.records
                             for why in ("null", "duplicate")}
            yield from result                       # R16
            return
    else:
        hosts = {domain: 0}                         # R13
    ours = [p for n, p in hosts.items() if n in case.own_names]
    hit = min(ours, default=None)
    if ours:
        for name, preference in list(hosts.items()):
            if preference >= hit:                   # R52
                must.append((frozenset({"self" if name in case.own_names
                                        else "behind_self"}),
                             preference, name))
                del hosts[name]
    for groups in orders(case, hosts):
        groups, dropped = cut_hosts(case, groups)
        for lead in leads(case, list(hosts)):
            way = Pass(case, groups, must, bool(dropped), lead)
            for preference, name in dropped:
                way.drop({"limit", "behind_self"}, preference, name)
            verdicts = way.run(hit)
            yield Result(way.attempts, way.must, way.may, verdicts)
