# What bash completes, by the function that its completion would call:
#
#	bash --norc completion_bash.bash FILE < LINES
#
# For each line of input a line of what could stand at its end, a blank behind
# each. Words are split here as bash does it, at the signs of COMP_WORDBREAKS.
source "$1" || exit 1
COMP_WORDBREAKS=$' \t\n"\'@><=;|&(:'

while IFS= read -r COMP_LINE; do
	COMP_POINT=${#COMP_LINE} COMPREPLY=()
	eval "COMP_WORDS=($(sed 's/[=:@]\{1,\}/ "&" /g' <<< "$COMP_LINE"))"
	[[ $COMP_LINE != *' ' ]] || COMP_WORDS+=('')
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_mxsel mxsel "${COMP_WORDS[COMP_CWORD]}" \
		"${COMP_WORDS[COMP_CWORD - 1]}"
	echo "${COMPREPLY[*]}"
done
