#!/usr/bin/env python3
"""Completions of mxsel(1) for bash, zsh and fish, from the table that --help
is printed from (tools/help_table.c) and the words that options take
(tools/settings_table.c).

    generate.py            writes mxsel.bash, _mxsel and mxsel.fish
    generate.py --check    says which of them is not as it would be written
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent
COMMANDS = {
    "plan": "the hosts that take mail, in the order to try",
    "explain": "the same as a tree, with every decision",
    "lint": "what is wrong with the mail DNS of a domain",
    "bulk": "one line of JSON for each line of standard input",
    "memory": "how hosts behaved, from a file or a cluster",
}
STRING = r'"((?:[^"\\]|\\.)*)"'
NOTE = "# Made by generate.py from the table of options: do not edit."


class Option:
    """One row of the table."""

    def __init__(self, name, group, commands, value, takes, about):
        self.name, self.group, self.commands = name, group, commands
        self.value, self.takes, self.about = value, takes, about
        self.words, self.is_list = [], False

    @property
    def is_file(self):
        return self.value == "FILE"


def read_masks(text):
    masks = {}
    for name, value in re.findall(r"(OF_\w+) = ([^,\n]+)", text):
        masks[name] = mask_of(value, masks)
    return masks


def mask_of(expression, masks):
    return sum(int(word) if word.isdigit() else masks[word]
               for word in re.split(r"[\s|]+", expression.strip()))


def read_table(source, masks):
    """The rows of help_options[], in their order."""
    for name, value in re.findall(r"^#define (\w+) (.*)$", source, re.M):
        source = re.sub(rf"\b{name}\b", lambda _, v=value: v, source)
    body = source.split("help_options[] = {", 1)[1]
    nullable = rf'(?:{STRING}|NULL)'
    row = re.compile(
        rf"\{{\s*{STRING},\s*HELP_(\w+),\s*([\w\s|]+),\s*{nullable},"
        rf"\s*{nullable},\s*{STRING}\s*\}}")
    commands = dict(zip(COMMANDS, (1, 2, 4, 8, 16)))
    options = []
    for name, group, mask, value, takes, about in row.findall(body):
        bits = mask_of(mask, masks)
        options.append(Option(
            name, group.lower(),
            [c for c, b in commands.items() if bits & b],
            value, takes, about))
    assert len(options) == body.count("{ \""), "a row that is not understood"
    return options


def add_words(options, source):
    """What stands for an option in settings_table.c: the words it takes."""
    lists = {
        name: re.findall(r'\{ "([^"]+)"', body) for name, body in re.findall(
            r"struct word (\w+)\[\] = \{(.*?)\n\};", source, re.S)}
    rows = dict((name, (words, kind)) for name, words, kind in re.findall(
        r'\{ "([a-z0-9-]+)",\s*take_\w+,\s*\w+,\s*(\w+),\s*(\d) \}',
        source))
    assert set(rows) == {o.name for o in options}, "two tables that differ"
    for option in options:
        words, kind = rows[option.name]
        assert bool(option.value) == (kind != "0"), option.name
        option.words = lists.get(words, [])
        option.is_list = kind == "2"


def wrapped(words, indent, width=76):
    """Words in lines, each with this indent (tabs)."""
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > width - 8 * len(indent):
            lines.append(indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, indent + line])


def names(options):
    return [f"--{o.name}" for o in options]


def alternatives(words, indent):
    """A list of patterns of case, in lines."""
    return " | \\\n".join(
        line.replace(" ", " | ")
        for line in wrapped(words, "", 50).split("\n")).replace(
            "\n", "\n" + indent)


def groups(options):
    return list(dict.fromkeys(o.group for o in options))


BASH = r'''# bash completion for mxsel(1). No command is run and nothing is asked: every
# word stands here.
@NOTE@

# The options of a command.
_mxsel_options()
{
	case $1 in
@OPTIONS@
	esac
}

# The words that an option takes; a status other than 0: it takes none.
_mxsel_words()
{
	case $1 in
@WORDS@
	--help) echo '@TOPICS@' ;;
	*) return 1 ;;
	esac
}

# Names of files, for _mxsel.
_mxsel_files()
{
	compopt -o filenames 2> /dev/null
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -f -- "${cur#"$head"}")
}

_mxsel()
{
	local line=$COMP_LINE word cur option= first= head= i n=-1 list
	local rest=0
	local -a words
	local IFS=$' \t\n'

	# Words as mxsel gets them: bash splits at = : and @, too.
	for ((i = 0; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $n == -1 || $line == [[:blank:]]* ]]; then
			words[++n]=$word
			while [[ $line == [[:blank:]]* ]]; do
				line=${line#?}
			done
		else
			words[n]+=$word
		fi
		line=${line#"$word"}
	done
	cur=${words[n]}

	for ((i = 1; i < n; i++)); do
		word=${words[i]}
		if [[ -n $option ]]; then
			option=
			continue
		fi
		case $word in
		--) return ;;
		@VALUED@)
			option=$word ;;
		--help) option=$word ;;
		-*) ;;
		*)
			[[ -z $first ]] || rest=$((rest + 1))
			first=${first:-$word}
			;;
		esac
	done
	if [[ -z $option && $cur == --*=* ]]; then
		option=${cur%%=*} head=$option=
	fi

	COMPREPLY=()
	case $option in
	'')
		if [[ $cur == -* ]]; then
			list=$(_mxsel_options "$first")
		elif [[ -z $first ]]; then
			list='@COMMANDS@'
		elif [[ $first == memory && $rest == 0 ]]; then
			_mxsel_files
			return
		fi
		COMPREPLY=($(compgen -W "$list" -- "$cur"))
		;;
	@FILES@)
		_mxsel_files
		;;
	--fields)
		cur=${cur#"$head"}
		word=
		[[ $cur != *,* ]] || word=${cur%,*},
		compopt -o nospace 2> /dev/null
		COMPREPLY=($(compgen -P "$word" -W "$(_mxsel_words --fields)" \
			-- "${cur##*,}"))
		;;
	*)
		list=$(_mxsel_words "$option") || return
		COMPREPLY=($(compgen -W "$list" -- "${cur#"$head"}"))
		;;
	esac
	# Where bash does not split at = the whole word is replaced.
	if [[ -n $head && $COMP_WORDBREAKS != *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]/#/$head}")
	fi
}

complete -F _mxsel mxsel
'''


def bash(options):
    def line(pattern, words):
        text = wrapped(words, "\t\t", 74)
        return f"\t{pattern})\n\t\techo '{text.strip()}'\n\t\t;;"

    per_command = [line(c if c != "plan" else "*", names(
        o for o in options if c in o.commands)) for c in
        [*list(COMMANDS)[1:], "plan"]]
    per_option = [f"\t--{o.name})\n\t\techo '" +
                  wrapped(o.words, "\t\t", 74).strip() + "'\n\t\t;;"
                  for o in options if o.words]
    valued = [n for n in names(o for o in options if o.value)]
    return {
        "OPTIONS": "\n".join(per_command),
        "WORDS": "\n".join(per_option),
        "TOPICS": wrapped([*COMMANDS, *groups(options)], "\t\t", 80).strip(),
        "VALUED": alternatives(valued, "\t\t"),
        "COMMANDS": " ".join(COMMANDS),
        "FILES": alternatives(names(o for o in options if o.is_file), "\t"),
    }


ZSH = r'''#compdef mxsel
# zsh completion for mxsel(1). No command is run and nothing is asked: every
# word stands here.
@NOTE@

_mxsel_commands() {
	local -a commands=(
@COMMANDS@
	)
	_describe -t commands command commands
	_message -e destinations destination
}

_mxsel() {
	local word first=plan operand='1: :_mxsel_commands'
	local -a options
	integer i

	for ((i = 2; i < CURRENT; i++)); do
		word=$words[i]
		case $word in
		(--) operand=; break ;;
		(@VALUED@)
			((i++)) ;;
		(-*) ;;
		(@NAMES@) first=$word; break ;;
		(*) break ;;
		esac
	done

@OPTIONS@
	if [[ $first == bulk ]]; then
		_arguments -S : $options $operand
	elif [[ $first == memory ]]; then
		_arguments -S : $options $operand '2:file:_files' \
			'*: :_message -e hosts "host or address"'
	else
		_arguments -S : $options $operand \
			'*: :_message -e destinations destination'
	fi
}

_mxsel "$@"
'''


def zsh_spec(option, topics):
    """One argument of _arguments."""
    about = re.sub(r"([\[\]:\\])", r"\\\1", option.about)
    start = "*" if "repeatable" in about else ""
    spec = f"{start}--{option.name}"
    if option.name == "help":
        return f"(- *){spec}[{about}]:: :({topics})"
    if option.name == "version":
        return f"(- *){spec}[{about}]"
    if not option.value:
        return f"{spec}[{about}]"
    message = (option.takes or option.value.lower()).replace(":", r"\:")
    if option.is_file:
        action = "_files"
    elif option.is_list:
        action = "_values -s , key " + " ".join(option.words)
    elif option.words:
        action = f"({' '.join(option.words)})"
    else:
        action = " "
    return f"{spec}=[{about}]:{message}:{action}"


def zsh_line(spec):
    """It, quoted, cut into lines of 80 columns that join to one word."""
    lines, rest = [], spec.replace("'", r"'\''")
    while len(rest) > 60:
        cut = rest.rfind(" ", 0, 60) + 1 or 60
        lines.append(rest[:cut])
        rest = rest[cut:]
    return "\\\n".join(f"'{part}'" for part in [*lines, rest])


def zsh(options):
    topics = " ".join([*COMMANDS, *groups(options)])
    blocks = []
    for commands in dict.fromkeys(tuple(o.commands) for o in options):
        lines = "\n".join("\t\t" + zsh_line(zsh_spec(o, topics))
                          for o in options if tuple(o.commands) == commands)
        blocks.append(f"\t[[ $first != ({'|'.join(commands)}) ]] || "
                      f"options+=(\n{lines}\n\t)")
    return {
        "COMMANDS": "\n".join(f"\t\t'{c}:{d}'" for c, d in COMMANDS.items()),
        "NAMES": " | ".join(COMMANDS),
        "VALUED": alternatives(names(o for o in options if o.value), "\t\t"),
        "OPTIONS": "\n".join(blocks),
    }


FISH = r'''# fish completion for mxsel(1). No command is run and nothing is asked: every
# word stands here.
@NOTE@

# The first word that is no option and no value of one.
function __mxsel_first
	set -l words (commandline -opc)
	set -l is_value no
	for word in $words[2..-1]
		if test $is_value = yes
			set is_value no
			continue
		end
		switch $word
			case @VALUED@
				set is_value yes
			case --
				echo $word
				return
			case '-*'
			case '*'
				echo $word
				return
		end
	end
	return 1
end

# Is this one of these commands? Without a name it is plan.
function __mxsel_is
	set -l first (__mxsel_first)
	contains -- "$first" @NAMES@
	or set first plan
	contains -- $first $argv
end

complete -c mxsel -f
@COMMANDS@

@OPTIONS@
'''


def fish(options):
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def one(option):
        parts = [f"complete -c mxsel -n '__mxsel_is "
                 f"{' '.join(option.commands)}'"]
        tail = [f"-l {option.name}"]
        if option.name == "help":
            tail += ["-s h"]
        if option.is_file:
            tail += ["-r -F"]
        elif option.is_list:
            parts.append("-a \"(__fish_append , " + wrapped(
                option.words, "\t\t", 66).strip().replace("\n", " \\\n")
                         + ")\"")
            tail += ["-x"]
        elif option.words:
            parts.append(f"-a {quoted(' '.join(option.words))}")
            tail += ["-x"]
        elif option.value:
            tail += ["-x"]
        parts.append(" ".join(tail) + f" -d {quoted(option.about)}")
        return " \\\n\t".join(parts)

    topics = wrapped([*COMMANDS, *groups(options)], "\t\t", 76).strip()
    return {
        "NAMES": " ".join(COMMANDS),
        "VALUED": wrapped(names(o for o in options if o.value), "\t\t\t\t",
                          76).strip().replace("\n", " \\\n"),
        "COMMANDS": "\n".join(
            f"complete -c mxsel -n 'not __mxsel_first > /dev/null' \\\n"
            f"\t-a {c} -d {quoted(d)}" for c, d in COMMANDS.items()),
        "OPTIONS": "\n".join([
            *map(one, options),
            "complete -c mxsel -n '__mxsel_is memory' -F",
            "complete -c mxsel -n '__fish_seen_argument -l help' \\\n"
            f"\t-a {quoted(topics)}"]),
    }


def filled(template, values):
    text = template.replace("@NOTE@", NOTE)
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def main():
    masks = read_masks((TOOLS / "help.h").read_text(encoding="utf-8"))
    options = read_table(
        (TOOLS / "help_table.c").read_text(encoding="utf-8"), masks)
    add_words(options,
              (TOOLS / "settings_table.c").read_text(encoding="utf-8"))
    status = 0
    for name, template, values in (("mxsel.bash", BASH, bash(options)),
                                   ("_mxsel", ZSH, zsh(options)),
                                   ("mxsel.fish", FISH, fish(options))):
        path, text = HERE / name, filled(template, values)
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name} is not what generate.py writes")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
