#!/bin/sh
# Functions and constructs that the libraries, tools and examples do without:
# those that overflow, keep hidden state, depend on the locale or end the
# process. Comments and strings may name them.
cd "$(dirname "$0")/../.." || exit 1

# code FILE: its lines without comments, strings and character constants.
code()
{
	awk '
	{
		line = $0
		out = ""
		while (line != "") {
			if (inside) {
				end = index(line, "*/")
				if (!end)
					break
				line = substr(line, end + 2)
				inside = 0
			} else if (match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047|\/\*|\/\//)) {
				out = out substr(line, 1, RSTART - 1)
				mark = substr(line, RSTART, 2)
				line = substr(line, RSTART + RLENGTH)
				if (mark == "//")
					break
				inside = mark == "/*"
				if (!inside)
					out = out "_"
			} else {
				out = out line
				break
			}
		}
		print out
	}' "$1"
}

everywhere='strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|gets|alloca'
everywhere="$everywhere|isalpha|isdigit|isalnum|isspace|isupper|islower|isxdigit"
everywhere="$everywhere|ispunct|isprint|tolower|toupper|strcasecmp|strncasecmp"
everywhere="$everywhere|setjmp|longjmp|rand|srand|random|tmpnam|mktemp|system"
library='abort|exit|_exit|assert|printf|fprintf|vfprintf|puts|fputs|perror'
library="$library|syslog|getenv|setenv|putenv|atexit|setlocale|signal|sigaction"
library="$library|select"

told=$(for file in $(find lib tools examples -name '*.[ch]' | LC_ALL=C sort); do
	case $file in
	lib/*) words="$everywhere|$library" ;;
	*) words=$everywhere ;;
	esac
	code "$file" | grep -nE "(^|[^A-Za-z0-9_.>])($words)[ 	]*\\(" | \
		sed "s|^|$file:|"
	code "$file" | grep -nE '^[ 	]*goto (again|retry|loop)' | \
		sed "s|^|$file: a loop made with goto: |"
done)
test -z "$told" || { echo "$told"; exit 1; }
