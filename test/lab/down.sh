#!/bin/bash
# Takes the laboratory down. Ends only process groups whose leader up.sh wrote down, what they forked in their own process
# namespaces, and what is left inside the namespaces sklab-*; each by its id. Leaves nothing but the logs. Idempotent.
set -u
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
[ "$(id -u)" = 0 ] || { echo 'down.sh: needs root' >&2; exit 1; }
exec 9<"$LAB"
flock -w 120 9 || { echo 'down.sh: another up.sh or down.sh is at work' >&2; exit 1; }

leaders=()
firsts=()
for file in "$RUN"/pid/*; do
  [ -f "$file" ] || continue
  pid=$(cat "$file")
  [ "$pid" != $$ ] || continue # the watchdog, become this script
  # A pid file may be older than the machine's last start: only a session leader can be one of ours.
  [ "$(ps -o sid= -p "$pid" 2>/dev/null | tr -d ' ')" = "$pid" ] || continue
  leaders+=("$pid")
  # The first process of the private process namespace: everything in there ends with it.
  read -ra children 2>/dev/null <"/proc/$pid/task/$pid/children" && firsts+=("${children[@]}")
done
for pid in "${leaders[@]}"; do kill -TERM -- "-$pid" 2>/dev/null; done
for _ in $(seq 25); do
  left=0
  for pid in "${leaders[@]}"; do kill -0 -- "-$pid" 2>/dev/null && left=1; done
  [ $left = 1 ] || break
  sleep 0.1
done
for pid in "${leaders[@]}"; do kill -KILL -- "-$pid" 2>/dev/null; done
for pid in "${firsts[@]}"; do kill -KILL "$pid" 2>/dev/null; done

for ns in $(ip netns list | awk '{ print $1 }' | grep -E '^sklab-(scan|targets|host-[a-z0-9-]+)$'); do
  for _ in 1 2 3 4 5; do
    pids=$(ip netns pids "$ns" 2>/dev/null | grep -vx $$)
    [ -n "$pids" ] || break
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null
    sleep 0.1
  done
  ip netns del "$ns"
done
rm -rf "$RUN"
echo 'laboratory: down'
