# What fish completes, as it says itself:
#
#	fish --no-config completion_fish.fish FILE < LINES
#
# For each line of input a line of what could stand at its end, a blank behind
# each; with DESCRIBED set, a line for each, with what is said of it.
source $argv[1]; or exit 1

while read -l line
	if set -q DESCRIBED
		complete -C "$line"
	else
		echo (complete -C "$line" | string replace -r '\t.*' '')
	end
end
