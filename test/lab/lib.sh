# Shared by up.sh, down.sh and servers/*.sh.
# shellcheck shell=bash disable=SC2034
LAB=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
BASE=${SKLAB_FOLDER:-/var/tmp/sklab} # everything that the servers write; no service's private folder lies over it
RUN=$BASE/run                        # pid files, configurations, data: gone after down.sh
LOG=$BASE/log                        # stays
CERT=$RUN/certificates
STORE=/var/cache/sklab # packages taken apart by install.sh
NET=10.88.0
SCAN_NS=sklab-scan
TARGETS_NS=sklab-targets
SCANNER=10.87.0.2
GATEWAY=10.87.0.1
INNER=10.88.255.1
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8

alive() { [ -f "$RUN/pid/$1" ] && kill -0 "$(cat "$RUN/pid/$1")" 2>/dev/null; }

in_ns() { ip netns exec "$@"; }

# network: the scanner's namespace, one routed hop, the namespace with most of the servers. No default route anywhere:
# nothing in the laboratory can reach anything outside it.
network_up() {
  ip netns list | grep -qw $TARGETS_NS && return 0
  local ns
  for ns in $TARGETS_NS $SCAN_NS; do
    ip netns add $ns
    in_ns $ns sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip -n $ns link set lo up
  done
  ip link add skscan0 netns $SCAN_NS type veth peer name skgate0 netns $TARGETS_NS
  ip -n $SCAN_NS addr add $SCANNER/30 dev skscan0
  ip -n $SCAN_NS link set skscan0 up
  ip -n $TARGETS_NS addr add $GATEWAY/30 dev skgate0
  ip -n $TARGETS_NS link set skgate0 up
  ip -n $TARGETS_NS link add skbr0 type bridge
  ip -n $TARGETS_NS link set skbr0 up
  ip -n $TARGETS_NS addr add $INNER/32 dev skbr0
  ip -n $SCAN_NS route add $NET.0/24 via $GATEWAY
  ip -n $TARGETS_NS route add blackhole $NET.0/24 # unassigned addresses answer nothing, like most perimeters
  in_ns $TARGETS_NS sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.skbr0.send_redirects=0 \
    net.ipv4.icmp_ratelimit=0 net.core.somaxconn=4096
  # Stateless rules only: connection tracking would be one more thing that behaves.
  in_ns $TARGETS_NS nft -f - <<NFT
table inet sklab {
  set filtered { type ipv4_addr; }
  set open_tcp { type ipv4_addr . inet_service; }
  set open_udp { type ipv4_addr . inet_service; }
  chain boundary {
    type filter hook prerouting priority -400; policy accept;
    iifname "skgate0" ip daddr @filtered tcp flags syn / syn,ack ip daddr . tcp dport != @open_tcp drop
    iifname "skgate0" ip daddr @filtered meta l4proto udp ip daddr . udp dport != @open_udp drop
    iifname "skgate0" ip daddr @filtered icmp type echo-request drop
  }
}
NFT
}

# address LAST...: addresses in sklab-targets
address() {
  local last
  for last in "$@"; do ip -n $TARGETS_NS addr replace "$NET.$last/32" dev skbr0; done
}

# host NAME LAST...: a namespace of its own, for a server that cannot be held to one address, or that deceives
host() {
  local name=$1 ns=sklab-host-$1 last
  shift
  if ! ip netns list | grep -qw "$ns"; then
    ip netns add "$ns"
    in_ns "$ns" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip link add "skh-$name" netns $TARGETS_NS type veth peer name eth0 netns "$ns"
    ip -n $TARGETS_NS link set "skh-$name" master skbr0 up
    ip -n "$ns" link set lo up
    ip -n "$ns" link set eth0 up
  fi
  for last in "$@"; do
    ip -n "$ns" addr replace "$NET.$last/32" dev eth0
    ip -n $TARGETS_NS route replace "$NET.$last/32" dev skbr0
  done
  ip -n "$ns" route replace $INNER dev eth0
  ip -n "$ns" route replace 10.87.0.0/30 via $INNER
  ip -n "$ns" route replace $NET.0/24 via $INNER
}

# behind_firewall LAST tcp:443 udp:500 ...: everything else at that address is dropped in silence
behind_firewall() {
  local ip=$NET.$1 one
  shift
  in_ns $TARGETS_NS nft add element inet sklab filtered "{ $ip }"
  for one in "$@"; do in_ns $TARGETS_NS nft add element inet sklab "open_${one%%:*}" "{ $ip . ${one#*:} }"; done
}

# serve NAME WHERE ARGV...: one server in its own session, mount, process, IPC and host name namespaces (sandbox.sh): what it
# writes under /etc, /run, /tmp and /var is gone when it ends, and so is every process that it forked.
#   WHERE  "-" for sklab-targets, else the name given to `host`
#   AT     where it must listen before the laboratory counts as up: "tcp/10:3389 udp/10:500"
#   AS     user to run as             LAYER  packages of $STORE to lay over /usr and /etc
#   BIND   "from:to ..."              SETUP  commands to run in the private namespace first
serve() {
  local name=$1 where=$2 ns=$TARGETS_NS place
  shift 2
  [ "$where" = - ] || ns=sklab-host-$where
  mkdir -p "$RUN/pid" "$RUN/expected" "$LOG"
  for place in ${AT:-}; do echo "$ns ${place%%/*} $NET.${place#*/}"; done >"$RUN/expected/$name"
  alive "$name" && return 0
  SANDBOX_NAME=$name SANDBOX_AS=${AS:-} SANDBOX_LAYER=${LAYER:-} SANDBOX_BIND=${BIND:-} SANDBOX_SETUP=${SETUP:-} \
    SANDBOX_KEEP_TMP=${KEEP_TMP:-} setsid nice -n 5 ip netns exec "$ns" \
    unshare --mount --pid --ipc --uts --fork --kill-child --mount-proc --propagation private \
    bash "$LAB/sandbox.sh" "$@" 9<&- </dev/null >"$LOG/$name.log" 2>&1 &
  echo $! >"$RUN/pid/$name"
}

# sockets: every listening socket of the laboratory as "namespace tcp|udp address:port"; "*" when bound to every address
sockets() {
  local ns
  for ns in $(ip netns list | awk '{ print $1 }' | grep -E '^sklab-(targets|host-)'); do
    in_ns "$ns" ss -Hlntu | awk -v ns="$ns" '{
      split($5, part, ":"); port = part[length(part)]
      address = substr($5, 1, length($5) - length(port) - 1)
      sub(/%.*/, "", address); sub(/^\[::ffff:/, "", address); sub(/\]$/, "", address)
      if (address == "0.0.0.0" || address == "[::" || address == "*") address = "*"
      print ns, $1, address ":" port }'
  done | sort -u
}

# missing: expected places (with the server's name) where nothing listens yet
missing() {
  [ -d "$RUN/expected" ] || return 0
  sockets >"$RUN/sockets"
  awk -v OFS=' ' 'FILENAME ~ /sockets$/ { open[$1 " " $2 " " $3] = 1; next }
    { port = $3; sub(/^.*:/, "", port); name = FILENAME; sub(/^.*\//, "", name)
      if (!(($1 " " $2 " " $3) in open) && !(($1 " " $2 " *:" port) in open)) print name, $2, $3 }' \
    "$RUN/sockets" "$RUN"/expected/*
}

# await NAME SECONDS: until the server listens at all its places
await() {
  local deadline=$((SECONDS + $2))
  while missing_of "$1"; do
    [ $SECONDS -lt $deadline ] || return 1
    sleep 0.2
  done
}
missing_of() {
  local ns transport place port
  while read -r ns transport place; do
    port=${place##*:}
    in_ns "$ns" ss -Hln"${transport:0:1}" "sport = :$port" 2>/dev/null | grep -qE "(${place%:*}|0\.0\.0\.0|\*|\[::\]|\]):$port" || return 0
  done <"$RUN/expected/$1"
  return 1
}
