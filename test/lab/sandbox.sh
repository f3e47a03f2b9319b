#!/bin/bash
# First process of a server's private namespaces (see `serve` in lib.sh). Makes /etc, /run, /tmp and /var the server's own,
# then becomes the server.
set -u
scratch=/mnt
mount -t tmpfs -o mode=755 sklab $scratch || exit 1
overlay() { # FOLDER [LOWER...]: a folder whose changes go to memory
  local folder=$1 lower=$1 upper
  shift
  upper=$scratch/$(printf %s "$folder" | tr / _)
  for layer in "$@"; do [ -d "$layer" ] && lower=$layer:$lower; done
  mkdir -p "$upper/up" "$upper/work"
  mount -t overlay sklab -o "lowerdir=$lower,upperdir=$upper/up,workdir=$upper/work" "$folder" || exit 1
}
layers() { for package in $SANDBOX_LAYER; do echo "/var/cache/sklab/$package$1"; done; }
# shellcheck disable=SC2046
overlay /etc $(layers /etc)
# shellcheck disable=SC2046
overlay /var/lib $(layers /var/lib)
for folder in /var/log /var/spool; do overlay $folder; done
# shellcheck disable=SC2046
[ -z "$SANDBOX_LAYER" ] || overlay /usr $(layers /usr)
mount -t tmpfs -o mode=755 sklab /run
mount -t tmpfs -o mode=1777 sklab /dev/shm # squid and PostgreSQL name their segments alike everywhere
mkdir -m 1777 /run/lock
[ -n "$SANDBOX_KEEP_TMP" ] || mount -t tmpfs -o mode=1777 sklab /tmp
for pair in $SANDBOX_BIND; do mount --bind "${pair%%:*}" "${pair#*:}" || exit 1; done
hostname "$SANDBOX_NAME"
printf '127.0.0.1 localhost %s\n' "$SANDBOX_NAME" >/etc/hosts
: >/etc/resolv.conf
ulimit -n 16384
cd /
if [ -n "$SANDBOX_SETUP" ]; then eval "$SANDBOX_SETUP" || exit 1; fi
user=$SANDBOX_AS
unset "${!SANDBOX_@}"
[ -n "$user" ] || exec "$@"
exec setpriv --reuid="$user" --regid="$(id -gn "$user")" --init-groups "$@"
