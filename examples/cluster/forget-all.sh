#!/bin/sh
# forget-all.sh HOST [PORT]: the server knows nothing of mail hosts any more.
# What unbound keeps there stays. REDISCLI_AUTH has the password of the user
# admin (users.acl), MXSEL_PREFIX another prefix than "mxsel:".
set -eu
port=${2:-6379}

keys=$(redis-cli -h "$1" -p "$port" --user admin \
	--scan --pattern "${MXSEL_PREFIX:-mxsel:}*")
test -z "$keys" || printf '%s\n' "$keys" |
	xargs -n 100 redis-cli -h "$1" -p "$port" --user admin unlink
