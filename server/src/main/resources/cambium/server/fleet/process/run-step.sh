#!/bin/sh
# Runs one step of one attempt, at most once, and writes down how it ended.
#
#   run-step.sh FOLDER LIMIT-SECONDS GRACE-SECONDS EXECUTABLE START-BEFORE-UNIX-SECONDS FENCE EPOCH
#
# FENCE holds the highest epoch of a coordinator that was seen for the cell; a lower EPOCH runs nothing.
#
# In FOLDER it leaves:
#   claim   "BOOT PID START": who runs the step. Made by a hard link, so that claiming and naming the owner is one
#           atomic act and the second claimer of an attempt fails. The server claims an attempt that it refuses.
#   epoch   EPOCH, the fencing number under which it was begun.
#   child   the same for the process that keeps the time limit; it may outlive this one.
#   cancel  why somebody wants the step to end early; written by the server, before it ends the child.
#   log     the first bytes of the step's output; log.tail the last bytes of what came after.
#   exit    "CODE SECONDS ended|timed-out", renamed into place after everything else. It is there: the step is over.
# PID and START (the kernel's start time of that process) together name a process for good within one BOOT.
set -u
umask 077
LOG_HEAD_BYTES=1048576
LOG_TAIL_BYTES=1048576
LOG_DRAIN_TRIES=100

started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }
boot() { cat /proc/sys/kernel/random/boot_id; }
uptime_seconds() { read -r up rest < /proc/uptime; echo "${up%.*}"; }
put() { printf '%s\n' "$2" > "$1.$$" && mv -f "$1.$$" "$1"; }

if [ "$1" = --child ]; then
  # Named before it runs anything: whoever finds the claimer dead sees this process, or it sees the claimer dead.
  put child "$(boot) $$ $(started_at $$)"
  [ "$(started_at "$2")" = "$3" ] || exit 70
  [ ! -e cancel ] || exit 75
  exec timeout --kill-after="$5" "$4" "$6"
fi

[ "$(date +%s)" -le "$5" ] || { echo "its time to start was over" >&2; exit 73; }
[ "$(cat -- "$6")" -le "$7" ] || { echo "a newer coordinator gives orders to this cell" >&2; exit 74; }
cd -- "$1" || exit 70
unset OLDPWD
mine="$(boot) $$ $(started_at $$)"
printf '%s\n' "$mine" > "claim.$$" || exit 71
sync "claim.$$" 2>/dev/null
ln "claim.$$" claim 2>/dev/null; claimed=$?
rm -f "claim.$$"
[ "$claimed" = 0 ] || exit 0
printf '%s\n' "$7" > epoch
sync . 2>/dev/null

rm -f pipe && mkfifo pipe || exit 72
( head -c "$LOG_HEAD_BYTES" > log; tail -c "$LOG_TAIL_BYTES" > log.tail ) < pipe &
logger=$!
begin=$(uptime_seconds)
/bin/sh "$0" --child $$ "$(started_at $$)" "$2" "$3" "$4" > pipe 2>&1 < /dev/null
code=$?
seconds=$(( $(uptime_seconds) - begin ))

# A service left behind by the step may still hold the pipe: its output is not waited for.
left=$LOG_DRAIN_TRIES
while kill -0 "$logger" 2>/dev/null && [ "$left" -gt 0 ]; do
  sleep 0.02
  left=$((left - 1))
done
rm -f pipe
how=ended
case $code in 124|137) [ "$seconds" -ge "$2" ] && how=timed-out ;; esac
put exit "$code $seconds $how"
sync exit . 2>/dev/null
