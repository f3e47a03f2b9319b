# Hosts that deceive: deceivers/deceivers.ts behind rules that map every port of some addresses to one listener, and firewalls.
# shellcheck shell=bash
host deceive 200 201 202 203 204 205 206 207 208 209 210 211 212 213 214 215 216 218
ns=sklab-host-deceive
in_ns $ns nft list table ip deceive >/dev/null 2>&1 || in_ns $ns nft -f - <<NFT
table ip deceive {
  set seen { type ipv4_addr . inet_service; flags dynamic,timeout; timeout 60s; size 65536; }
  chain raw { type filter hook prerouting priority -300; policy accept;
    ip daddr $NET.208 tcp flags & (syn|ack) == syn notrack
  }
  chain loss { type filter hook prerouting priority -150; policy accept;
    # .213 drops the first SYN to every port and answers the second; .214 loses one packet of five
    ip daddr $NET.213 tcp flags & (syn|ack) == syn ip daddr . tcp dport @seen accept
    ip daddr $NET.213 tcp flags & (syn|ack) == syn add @seen { ip daddr . tcp dport } drop
    ip daddr $NET.214 numgen random mod 100 < 20 drop
  }
  chain every_port { type nat hook prerouting priority -100; policy accept;
    ip daddr { $NET.200, $NET.201, $NET.202, $NET.203, $NET.204, $NET.207, $NET.218 } meta l4proto tcp dnat to ip daddr map { $NET.200 : $NET.200, $NET.201 : $NET.201, $NET.202 : $NET.202, $NET.203 : $NET.203, $NET.204 : $NET.204, $NET.207 : $NET.207, $NET.218 : $NET.218 }:1
    ip daddr { $NET.215, $NET.216 } meta l4proto udp dnat to ip daddr map { $NET.215 : $NET.215, $NET.216 : $NET.216 }:1
  }
  chain front { type filter hook input priority 0; policy accept;
    # .208 answers every SYN itself (a SYN proxy); nothing is behind it
    ip daddr $NET.208 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
    ip daddr $NET.208 ct state invalid drop
  }
}
NFT
in_ns $ns sysctl -qw net.ipv4.tcp_max_syn_backlog=8192 net.core.somaxconn=4096 net.netfilter.nf_conntrack_tcp_loose=0
root=$(cd "$LAB/../.." && pwd)
# The project may stand under /tmp, so that folder stays as it is.
AT='tcp/200:1 tcp/204:1 tcp/205:22 tcp/209:443 tcp/214:8080 udp/215:1' KEEP_TMP=1 serve deceivers deceive \
  "$root/node_modules/.bin/tsx" "$LAB/deceivers/deceivers.ts"

# Firewalls in front of nothing: silence, ICMP "administratively prohibited", RST for TCP and silence for UDP.
address 217 219 220
in_ns $TARGETS_NS nft list chain inet sklab walls >/dev/null 2>&1 || in_ns $TARGETS_NS nft -f - <<NFT
table inet sklab {
  chain walls { type filter hook input priority 0; policy accept;
    ip daddr $NET.217 reject with icmp type admin-prohibited
    ip daddr $NET.219 drop
    ip daddr $NET.220 meta l4proto tcp reject with tcp reset
    ip daddr $NET.220 meta l4proto udp drop
  }
}
NFT
