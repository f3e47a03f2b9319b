# Shells: SSH, telnet, the r-services, a web terminal.
# shellcheck shell=bash
folder=$RUN/shell
mkdir -p "$folder"
address 50 51 52 53
for type in rsa ed25519; do ssh-keygen -q -t $type -N '' -f "$folder/host_$type"; done
sshd() { # NAME LAST PORT LINE...
  local name=$1 last=$2 port=$3
  shift 3
  printf '%s\n' "ListenAddress $NET.$last:$port" 'PidFile none' "HostKey $folder/host_rsa" "HostKey $folder/host_ed25519" 'UsePAM no' \
    'MaxStartups 200:30:400' 'PerSourceMaxStartups none' 'LoginGraceTime 30' "$@" >"$folder/$name.conf"
  AT="tcp/$last:$port" SETUP='mkdir -p /run/sshd' serve "$name" - /usr/sbin/sshd -D -e -f "$folder/$name.conf"
}
sshd sshd-password 50 22 'PasswordAuthentication yes' 'PermitRootLogin yes'
sshd sshd-keys 50 2222 'PasswordAuthentication no' 'KbdInteractiveAuthentication no' 'PermitRootLogin no'
sshd sshd-weak 51 22 'PasswordAuthentication yes' 'KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1' \
  'Ciphers +3des-cbc,aes128-cbc' 'MACs +hmac-md5' 'HostKeyAlgorithms +ssh-rsa'
dropbearkey -t rsa -s 2048 -f "$folder/dropbear_rsa"
AT=tcp/51:2022 serve dropbear - dropbear -F -E -p $NET.51:2022 -r "$folder/dropbear_rsa" -P /run/dropbear.pid
cat >"$folder/inetd.conf" <<CONF
$NET.52:23 stream tcp4 nowait root /usr/sbin/telnetd telnetd
$NET.52:513 stream tcp4 nowait root /usr/sbin/in.rlogind in.rlogind
$NET.52:514 stream tcp4 nowait root /usr/sbin/in.rshd in.rshd
$NET.53:2323 stream tcp4 nowait root /usr/sbin/telnetd telnetd
CONF
AT='tcp/52:23 tcp/52:513 tcp/52:514 tcp/53:2323' serve inetd - inetutils-inetd -d -R 100000 "$folder/inetd.conf"
host shellinabox 55
AT=tcp/55:4200 serve shellinabox shellinabox shellinaboxd --disable-ssl --no-beep --user=nobody --group=nogroup --port=4200
