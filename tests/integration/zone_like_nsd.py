"""zone_like_nsd.py FOLDER COUNT SEED: COUNT random zones, z0.test and so on,
as FOLDER/z0.test.zone: few labels, so that names, wildcards, aliases, cuts
and DNAMEs meet; nothing that NSD would not load, and no wildcard that is an
alias of a name it covers, which NSD tells of twice.
"""
import os
import random
import sys

folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
zones = ["z%d.test" % i for i in range(count)]
types = ["A", "A", "AAAA", "MX", "MX", "CNAME", "CNAME", "NS", "DNAME", "TXT",
         "TLSA"]


def name_in(zone):
    return ".".join(random.choices("abc*", k=random.randrange(4)) + [zone])


def rdata(type_, target):
    return {
        "A": "192.0.2.%d" % random.randrange(256),
        "AAAA": "2001:db8::%x" % random.randrange(65536),
        "MX": "%d %s." % (random.randrange(3), target),
        "TXT": "text",
        "TLSA": "%d %d %d %04x" % tuple(
            random.randrange(n) for n in (256, 3, 3, 65536)),
    }.get(type_, target + ".")


def allowed(types_of, owner, type_, target, zone):
    have = types_of.get(owner, set())
    if type_ in ("CNAME", "DNAME") and owner == zone:
        return False
    if "CNAME" in have or (type_ == "CNAME" and have):
        return False
    if type_ == "CNAME" and owner[:2] == "*." and target.endswith(owner[1:]):
        return False
    if type_ == "DNAME" and (
            "DNAME" in have or owner.startswith("*.")
            or any(other.endswith("." + owner) for other in types_of)):
        return False
    return not any("DNAME" in types_of[other] and owner.endswith("." + other)
                   for other in types_of)


for zone in zones:
    types_of = {}
    with open(os.path.join(folder, zone + ".zone"), "w") as out:
        out.write("%s. 50 SOA ns.%s. h.%s. 1 2 3 4 %d\n"
                  % (zone, zone, zone, random.randrange(100)))
        out.write("%s. 60 NS ns.%s.\n" % (zone, zone))
        for _ in range(random.randrange(1, 14)):
            owner, type_ = name_in(zone), random.choice(types)
            near = random.random() < 0.7
            target = name_in(zone if near else
                             random.choice(zones + ["elsewhere.example"]))
            if allowed(types_of, owner, type_, target, zone):
                types_of.setdefault(owner, set()).add(type_)
                out.write("%s. %d %s %s\n" % (owner, random.randrange(100),
                                              type_, rdata(type_, target)))
