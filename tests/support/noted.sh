# Runs a command and keeps what came of it, for tests/run.sh:
#
#	sh tests/support/noted.sh FOLDER COMMAND...
#
# FOLDER/said is all that it printed, FOLDER/status how it ended,
# FOLDER/seconds how long it took.
folder=$1
shift
mkdir -p "$folder" || exit 1
started=$(date +%s)
"$@" > "$folder/said" 2>&1 < /dev/null
echo $? > "$folder/status"
echo $(($(date +%s) - started)) > "$folder/seconds"
