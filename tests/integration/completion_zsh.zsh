# What zsh completes, by its own completion system in a terminal of its own:
#
#	zsh -f completion_zsh.zsh FOLDER < LINES
#
# FOLDER has _mxsel in it. For each line of input a line of what could stand
# at its end, a blank behind each.
zmodload zsh/zpty || exit 77

scratch=$(mktemp -d) || exit 1
trap 'zpty -d shell 2> /dev/null; rm -rf $scratch' EXIT

# For the shell in the terminal: every call of compadd that offers something
# is asked what of it fits, and Control-I writes that down.
cat > $scratch/rc <<'END'
fpath=($folder $fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
	local -a fits
	local word
	for word; do
		case $word in
		(- | --) break ;;
		(-[OAD] | -[a-zA-Z12][OAD]) builtin compadd "$@"; return ;;
		esac
	done
	builtin compadd -A fits "$@"
	hits+=($fits)
	builtin compadd "$@"
}
say_nothing() { compstate[list]= compstate[insert]= }
probe() {
	hits=()
	comppostfuncs=(say_nothing)
	zle complete-word
	print -r -- ${(u)hits} > $answer
	zle kill-whole-line
	zle -I
	print -r -- "answer is there"
}
zle -N probe
bindkey '^I' probe
PROMPT=
print -r -- "shell is there"
END

zpty -b shell "folder=${(q)1} answer=$scratch/answer TERM=dumb zsh -f -i"
zpty -w shell "stty -echo; source $scratch/rc"
zpty -r shell said '*shell is there*' || exit 1
while IFS= read -r line; do
	zpty -w -n shell "$line"$'\t'
	zpty -r shell said '*answer is there*' || exit 1
	print -r -- $(< $scratch/answer)
done
