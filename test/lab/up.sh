#!/bin/bash
# Brings the laboratory up: test/lab/up.sh [--light] [group ...]   (groups: names of servers/NN-*.sh; --light leaves out Java,
# RabbitMQ, dockerd and the domain controller). Idempotent: a server that runs is left alone. Exit 1 when anything does not listen.
set -u
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/lib.sh"
[ "$(id -u)" = 0 ] || { echo 'up.sh: needs root (network namespaces)' >&2; exit 1; }
# The folder itself is the lock: no file, and gone with the process.
exec 9<"$LAB"
flock -w 120 9 || { echo 'up.sh: another up.sh or down.sh is at work' >&2; exit 1; }

LIGHT= # read by servers/*.sh
groups=()
for argument in "$@"; do
  if [ "$argument" = --light ]; then LIGHT=1; else groups+=("$argument"); fi
done
files=()
if [ ${#groups[@]} -eq 0 ]; then
  files=("$LAB"/servers/[0-9]*.sh)
else
  for group in "${groups[@]}"; do
    file=$(ls "$LAB"/servers/[0-9][0-9]-"$group".sh 2>/dev/null) || { echo "up.sh: no group $group" >&2; exit 1; }
    files+=("$file")
  done
fi

started=$SECONDS
mkdir -p "$RUN/pid" "$RUN/expected" "$LOG" "$CERT"
network_up || exit 1
bash "$LAB/certificates.sh" "$CERT" || exit 1
# The watchdog: the laboratory never outlives SKLAB_MAX seconds.
if ! alive watchdog; then
  setsid bash -c "sleep ${SKLAB_MAX:-5400}; exec '$LAB/down.sh'" 9<&- </dev/null >/dev/null 2>&1 &
  echo $! >"$RUN/pid/watchdog"
fi
# Groups side by side, and the servers of a group too. A group ends when its own set-up is done.
start_groups() {
  local file job jobs=()
  for file in "${files[@]}"; do
    # shellcheck source=/dev/null
    (. "$file") 9<&- </dev/null >>"$LOG/group-$(basename "$file" .sh).log" 2>&1 &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
}
await_all() { # SECONDS since the start
  while left=$(missing) && [ -n "$left" ] && [ $SECONDS -lt $((started + $1)) ]; do sleep 0.5; done
}
patience=${SKLAB_PATIENCE:-90}
start_groups
await_all $((patience * 2 / 3))
# A server that died while the machine was busy is started once more; those that run are left alone.
if [ -n "$left" ]; then
  start_groups
  await_all "$patience"
fi
failed=0
while read -r name transport place; do
  [ -n "$name" ] || continue
  failed=1
  echo "up.sh: nothing listens at $place/$transport ($name):" >&2
  tail -n 5 "$LOG/$name.log" | sed 's/^/    /' >&2
done <<<"$left"
# A server that binds every address would answer at every address of the shared namespace.
if grep -E "^$TARGETS_NS [a-z]+ \*:" "$RUN/sockets" >&2; then
  failed=1
  echo 'up.sh: bound to every address, see above' >&2
fi
total=$(cat "$RUN"/expected/* | wc -l)
echo "laboratory: $((total - $(printf %s "$left" | grep -c .))) of $total places listen, $(($(ls "$RUN/pid" | wc -l) - 1)) servers, $((SECONDS - started)) s"
exit $failed
