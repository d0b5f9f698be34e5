"""What TLS must be for each attempt, by the rules alone (R90-R93, R95, R96):
a second reference, for domains whose hosts have one address each and no
aliases. From RFC 7672, RFC 8461 and RFC 8689; nothing here is read from, or
made after, the C sources. Standard library only.

World: what the DNS, the policy and the message say. permitted(): for each
host what may become of it, and the verdicts. worlds(): all that are tried.
"""
import itertools
from dataclasses import dataclass

# What an answer is, as numbers of <mxsel/mxsel.h>.
UNKNOWN, INSECURE, SECURE, BOGUS = range(4)
BY_POLICY, REQUIRED, OPTIONAL = range(3)
AS_SECURE, ENCRYPT, MAY = range(3)
FAMILY, DANE, INSECURE_MX = 2, 28, 29
V4_ONLY = 5
TYPE_A, TYPE_MX, TYPE_TLSA = 1, 15, 52
NAMES = ("a.test", "b.test")

# Addresses and TLSA records of a host: how they are told.
ADDRESSES = (UNKNOWN, INSECURE, SECURE, BOGUS)
TLSA = ("usable", "unusable", "none", "insecure", "unknown", "servfail",
        "bogus")
# Policies: mode, and how many of the hosts, from the first, they list.
POLICIES = ((None, 0), ("enforce", 2), ("enforce", 1), ("testing", 1))


@dataclass(frozen=True)
class World:
    hosts: tuple        # (preference, address, TLSA) of each
    mx: int
    dane: int
    insecure_mx: int
    tls: int
    policy: tuple


def line(world):
    """The world as drive.c reads it."""
    words = ["S1", f"O{FAMILY},{V4_ONLY}", f"O{DANE},{world.dane}",
             f"O{INSECURE_MX},{world.insecure_mx}", f"T{world.tls}",
             f"Xd.test,{TYPE_MX},{world.mx}"]
    mode, listed = world.policy
    if mode:
        words.append(",".join((f"P{mode}",) + NAMES[:listed]))
    for number, (preference, address, tlsa) in enumerate(world.hosts):
        name = NAMES[number]
        words += [f"Md.test,{preference},{name}",
                  f"A{name},192.0.2.{number + 1}",
                  f"X{name},{TYPE_A},{address}"]
        at = f"_25._tcp.{name}"
        if tlsa in ("usable", "insecure", "unknown", "bogus"):
            words.append(f"L{at},3")
        elif tlsa == "unusable":
            words.append(f"L{at},1")
        elif tlsa == "servfail":
            words.append(f"E{at},{TYPE_TLSA},2")
        told = {"insecure": INSECURE, "unknown": UNKNOWN, "bogus": BOGUS}
        words.append(f"X{at},{TYPE_TLSA},{told.get(tlsa, SECURE)}")
    return " ".join(words)


def tlsa_of(world, address, tlsa):
    """What a host's TLSA records come to (R91, R92): "records", "unusable",
    "temporary", or why there are none."""
    if not world.dane or world.tls == OPTIONAL:
        return "default"
    if world.mx == INSECURE and world.insecure_mx == MAY:
        return "insecure_mx"
    if address == INSECURE:
        return "no_security"
    if address == UNKNOWN:
        # Who said something else of the MX records validates: then this is
        # an answer that could not be validated (RFC 7672, 2.1.1).
        return "no_security" if world.mx == UNKNOWN else "temporary"
    return {"usable": "records", "unusable": "unusable", "none": "no_tlsa",
            "insecure": "no_tlsa"}.get(tlsa, "temporary")


def posture_of(world, number, dane):
    """{(posture, reason)} for a host that is used (R96)."""
    mode, listed = world.policy
    found = []
    if dane == "records":
        weak = world.mx == INSECURE and world.insecure_mx == ENCRYPT
        found.append(("encrypt", "insecure_mx") if weak
                     else ("dane", "tlsa"))
    if dane == "unusable":
        found.append(("encrypt", "unusable_tlsa"))
        if world.mx == INSECURE and world.insecure_mx == ENCRYPT:
            found.append(("encrypt", "insecure_mx"))
    if world.tls != OPTIONAL and mode == "enforce" and number < listed:
        found.append(("pkix", "sts"))
    elif world.tls == REQUIRED:
        found.append(("pkix", "requiretls"))
    if not found and world.tls == OPTIONAL:
        return {("opportunistic", "tls_optional")}
    if not found and mode == "testing":
        return {("opportunistic", "sts_testing")}
    if not found:
        return {("opportunistic", dane)}
    rank = ("encrypt", "pkix", "dane").index
    strongest = max(found, key=lambda entry: rank(entry[0]))[0]
    return {entry for entry in found if entry[0] == strongest}


def fate(world, number):
    """What becomes of a host: None and its postures, or why it is passed
    over and the verdict it adds."""
    _, address, tlsa = world.hosts[number]
    mode, listed = world.policy
    applies = world.tls != OPTIONAL and mode is not None
    if applies and mode == "enforce" and number >= listed:
        return "sts_mismatch", ("defer", 451, "4.7.1")      # R95
    if world.tls == REQUIRED and world.mx != SECURE and not (
            applies and number < listed):
        return "not_located", ("bounce", 550, "5.7.30")     # R96
    if address == BOGUS:
        return "dns", ("defer", 451, "4.4.4")               # R90
    dane = tlsa_of(world, address, tlsa)
    if dane == "temporary":
        return "tlsa_failed", ("defer", 451, "4.7.5")       # R92
    return None, posture_of(world, number, dane)


def judge(world, said):
    """None when the library may say this, else words."""
    attempts, dropped, verdict, _ = said.split("|")
    if world.mx == BOGUS:                                   # R14, R90
        return None if not attempts and verdict == "defer,451,4.4.3" \
            else "a bogus MX answer is a failure"
    fates = [fate(world, n) for n in range(len(world.hosts))]
    told = [word.split(",") for word in attempts.split()]
    used = [n for n, (why, _) in enumerate(fates) if why is None]
    if sorted(word[1] for word in told) != [NAMES[n] for n in used]:
        return f"used must be {[NAMES[n] for n in used]}"
    if any(int(a[0]) > int(b[0]) for a, b in zip(told, told[1:])):
        return "a lower preference after a higher"
    for word in told:
        allowed = fates[NAMES.index(word[1])][1]
        if (word[3], word[4]) not in allowed:
            return f"{word[1]}: permitted {sorted(allowed)}"
    gone = {(word.split(",")[0], word.split(",")[2])
            for word in dropped.split()}
    for number, (why, _) in enumerate(fates):
        if why and (why, NAMES[number]) not in gone:
            return f"{NAMES[number]}: not dropped as {why}"
    if used:
        verdicts = {("defer", 451, "4.4.1")}
    else:
        later = {v for _, v in fates if v[0] == "defer"}
        verdicts = later or {v for _, v in fates}           # R74
    action, code, status = verdict.split(",")
    if (action, int(code), status) not in verdicts:
        return f"verdict: permitted {sorted(verdicts)}"
    return None


def worlds():
    """Every world of one host; of two hosts those with DANE, but for answers
    that mean the same."""
    for address, tlsa in itertools.product(ADDRESSES, TLSA):
        for way in itertools.product(ADDRESSES, (0, 1), range(3), range(3),
                                     POLICIES):
            yield World(((1, address, tlsa),), *way)
    states = [(SECURE, tlsa) for tlsa in TLSA[:4]] + \
        [(SECURE, "servfail"), (INSECURE, "usable"), (UNKNOWN, "usable"),
         (BOGUS, "usable")]
    for one, other in itertools.product(states, repeat=2):
        for second, *way in itertools.product(
                (1, 2), (UNKNOWN, INSECURE, SECURE), (1,), range(3),
                range(3), POLICIES):
            yield World(((1, *one), (second, *other)), *way)
