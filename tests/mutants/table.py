"""The mutants by name: FILE|FUNCTION|CONDITION|KIND, where a condition that
stands in its function several times is followed by #2, #3; and those that
equivalent.txt shows to be equivalent to what they were made of.
"""
import collections

KINDS = ('false', 'true', 'not')


class Condition:
    def __init__(self, number, path, line, function, text):
        self.number = int(number)
        self.path = path
        self.line = int(line)
        self.function = function
        self.text = text
        self.place = (path, function)


class Mutant:
    def __init__(self, condition, kind):
        self.condition = condition
        self.kind = kind
        self.key = '|'.join((condition.path, condition.function,
                             condition.text, KINDS[kind]))


def read(path):
    """Conditions, and how many were left out."""
    conditions, left_out = [], 0
    met = collections.Counter()
    with open(path) as stream:
        for line in stream:
            fields = line.rstrip('\n').split('\t')
            if fields[0] == 'left':
                left_out = sum(int(f) for f in fields[1:])
            elif fields[0] != 'size':
                conditions.append(Condition(*fields))
    for condition in conditions:
        name = condition.place + (condition.text,)
        met[name] += 1
        if met[name] > 1:
            condition.text += '#%d' % met[name]
    return conditions, left_out


def read_equivalents(path):
    """Their keys, and the lines that are none: a key without a reason."""
    keys, waiting = set(), []
    with open(path) as stream:
        for line in stream:
            if line.startswith('\t'):
                keys.update(waiting)
                waiting = []
            elif line.strip() and not line.startswith('#'):
                waiting.append(line.rstrip('\n'))
    return keys, waiting


def mutants(conditions, equivalents):
    """All but the equivalent; how many those are; their lines of no use."""
    known, stale = read_equivalents(equivalents)
    made = [Mutant(c, kind) for c in conditions for kind in range(3)]
    stale += sorted(known - {m.key for m in made})
    kept = [m for m in made if m.key not in known]
    return kept, len(made) - len(kept), stale
