#!/bin/sh
# queue.sh [BUILD]: examples/mta_delivery is killed with SIGKILL a hundred
# times while mail comes in and goes out, and no mail is lost or delivered
# twice. BUILD as for nsd.sh. Ends with one line of totals.
here=$(cd "$(dirname "$0")" && pwd)
TRIAL=queue_trial.py exec sh "$here/mta.sh" "$@"
