# VPN gateways: SSL-VPN, OpenVPN, IKE, L2TP, PPTP. Nobody logs in, so no tunnel device is ever made.
# shellcheck shell=bash
folder=$RUN/vpn
mkdir -p "$folder"

printf 'labpass1\nlabpass1\n' | ocpasswd -c "$folder/ocserv-users" labuser
ocserv_at() { # NAME LAST PORT AUTH [UDP-PORT]
  address "$2"
  cat >"$folder/$1.conf" <<CONF
auth = "$4"
listen-host = $NET.$2
tcp-port = $3
${5:+udp-port = $5}
run-as-user = nobody
run-as-group = daemon
socket-file = /run/ocserv.sock
server-cert = $CERT/vpn.crt
server-key = $CERT/vpn.key
ca-cert = $CERT/clients.crt
isolate-workers = false
max-clients = 64
max-same-clients = 0
rate-limit-ms = 0
max-ban-score = 0
server-stats-reset-time = 604800
keepalive = 32400
dpd = 90
mobile-dpd = 1800
cert-user-oid = 0.9.2342.19200300.100.1.1
tls-priorities = "NORMAL:%SERVER_PRECEDENCE:%COMPAT"
auth-timeout = 240
use-occtl = false
device = vpns
predictable-ips = true
default-domain = lab.example
ipv4-network = 10.89.$2.0
ipv4-netmask = 255.255.255.0
cisco-client-compat = true
dtls-legacy = true
CONF
  AT="tcp/$2:$3${5:+ udp/$2:$5}" serve "$1" - ocserv -f -d 1 -c "$folder/$1.conf" -p /run/ocserv.pid
}
ocserv_at ocserv-password 30 443 "plain[passwd=$folder/ocserv-users]" 443
ocserv_at ocserv-certificate 29 4443 certificate

# SoftEther keeps its settings beside its binary, /var/lib/softether in Debian; it binds every address.
host softether 31
AT='tcp/31:443 tcp/31:992 tcp/31:1194 tcp/31:5555 udp/31:500 udp/31:4500 udp/31:1194' \
  SETUP='mkdir -p /run/softether /var/lib/softether /var/log/softether' serve softether softether /usr/libexec/softether/vpnserver/vpnserver execsvc

openvpn --genkey secret "$folder/ta.key"
openvpn_at() { # NAME LAST PORT PROTOCOL DEVICE OPTION...
  local name=$1 last=$2 port=$3 proto=$4 device=$5
  shift 5
  address "$last"
  AT="${proto%-server}/$last:$port" serve "$name" - openvpn --mode server --tls-server --dev "skovpn$device" --dev-type tun --topology subnet \
    --server "10.89.$((100 + device)).0" 255.255.255.0 --local "$NET.$last" --port "$port" --proto "$proto" --ca "$CERT/openvpn.crt" \
    --cert "$CERT/openvpn.crt" --key "$CERT/openvpn.key" --dh none --verb 1 --keepalive 10 60 "$@"
}
openvpn_at openvpn-udp 32 1194 udp 1
openvpn_at openvpn-tcp 32 1194 tcp-server 2
openvpn_at openvpn-udp-tlsauth 33 1194 udp 3 --tls-auth "$folder/ta.key" 0
openvpn_at openvpn-tcp-tlsauth 33 443 tcp-server 4 --tls-auth "$folder/ta.key" 0
openvpn_at openvpn-udp-tlscrypt 34 1194 udp 5 --tls-crypt "$folder/ta.key"

# strongSwan: one namespace a gateway. The forecast plugin joins multicast groups and captures packets: not loaded.
strongswan() { # NAME LAST CONNECTIONS
  host "$1" "$2"
  mkdir -p "$folder/$1"
  printf 'config setup\nconn %%default\n  left=%s\n  right=%%any\n  authby=secret\n  auto=add\n%s\n' "$NET.$2" "$3" >"$folder/$1/ipsec.conf"
  echo ': PSK "protects-nothing"' >"$folder/$1/ipsec.secrets"
  cat >"$folder/$1/strongswan.conf" <<CONF
charon { load_modular = yes
  i_dont_care_about_security_and_use_aggressive_mode_psk = yes
  # Otherwise the third half-open exchange of one scanner is answered with a cookie.
  cookie_threshold = 100000
  block_threshold = 100000
  half_open_timeout = 5
  plugins { include /etc/strongswan.d/charon/*.conf
    forecast { load = no }
    ha { load = no }
    dhcp { load = no }
    farp { load = no }
    stroke { secrets_file = $folder/$1/ipsec.secrets } }
  filelog { stderr { default = 1 } } }
CONF
  AT="udp/$2:500 udp/$2:4500" STRONGSWAN_CONF=$folder/$1/strongswan.conf serve "$1" "$1" /usr/lib/ipsec/starter --nofork --conf "$folder/$1/ipsec.conf"
}
strongswan strongswan 35 'conn v2
  keyexchange=ikev2
  ike=aes256-sha256-modp2048!'
strongswan ike-weak 36 'conn v1
  keyexchange=ikev1
  aggressive=yes
  ike=aes256-sha256-modp2048,aes128-sha1-modp1024,3des-sha1-modp1024,3des-md5-modp1024!'

# Libreswan cannot be installed beside strongSwan. Its NSS database is made in the private namespace.
host libreswan 39
AT='udp/39:500 udp/39:4500' LAYER=libreswan SETUP='mkdir -p /run/pluto /var/lib/ipsec/nss
  printf "config setup\n  ikev1-policy=accept\n  logfile=/dev/stderr\nconn lab\n  left='$NET'.39\n  right=%%any\n  authby=secret\n  ikev2=yes\n  auto=add\n" >/etc/ipsec.conf
  echo ": PSK \"protects-nothing-either\"" >/etc/ipsec.secrets
  /usr/sbin/ipsec checknss || exit 1' serve libreswan libreswan bash -c '
  (until [ -S /run/pluto/pluto.ctl ]; do sleep 0.2; done; ipsec whack --listen; ipsec auto --add lab) &
  exec /usr/libexec/ipsec/pluto --leak-detective --config /etc/ipsec.conf --nofork --stderrlog --use-xfrm'

address 37
printf '[global]\nlisten-addr = %s\nport = 1701\n[lns default]\nip range = 10.89.37.2-10.89.37.10\nlocal ip = 10.89.37.1\nrequire chap = yes\nname = lab-l2tp\npppoptfile = %s\n' \
  $NET.37 "$folder/ppp" >"$folder/xl2tpd.conf"
: >"$folder/ppp"
AT=udp/37:1701 serve xl2tpd - xl2tpd -D -c "$folder/xl2tpd.conf" -p /run/xl2tpd.pid -C /run/xl2tpd.control
printf 'option %s\nlisten %s\nlocalip 10.89.38.1\nremoteip 10.89.38.2-10\nnoipparam\n' "$folder/ppp" $NET.37 >"$folder/pptpd.conf"
AT=tcp/37:1723 serve pptpd - pptpd --fg --conf "$folder/pptpd.conf" --pidfile /run/pptpd.pid

behind_firewall 30 tcp:443 udp:443
behind_firewall 31 tcp:443 tcp:992 tcp:1194 tcp:5555 udp:500 udp:4500 udp:1194 udp:1701
behind_firewall 33 tcp:443 udp:1194
behind_firewall 35 udp:500 udp:4500
behind_firewall 36 udp:500 udp:4500

# L2TP, and OpenVPN over UDP, are switched on by the administrator.
await softether 40
for command in 'IPsecEnable /L2TP:yes /L2TPRAW:yes /ETHERIP:no /PSK:labpsk /DEFAULTHUB:DEFAULT' 'PortsUDPSet 1194'; do
  # shellcheck disable=SC2086
  timeout 20 ip netns exec sklab-host-softether vpncmd $NET.31:5555 /SERVER /CMD $command
done
