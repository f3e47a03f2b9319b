# Names, time, management, monitoring, machines.
# shellcheck shell=bash
folder=$RUN/infra
mkdir -p "$folder"
address 90 91 92 94 96 97 98 99 100 106 107 108

printf 'agentAddress udp:%s:161\nrocommunity public\nsysLocation lab\nsysContact lab@lab.example\n' $NET.90 >"$folder/snmpd.conf"
AT=udp/90:161 serve snmpd - snmpd -f -Lo -C -I -smux -c "$folder/snmpd.conf"

named() { # NAME LAST RECURSION
  cat >"$folder/$1.conf" <<CONF
options { directory "/tmp"; pid-file none; session-keyfile none; listen-on { $NET.$2; }; listen-on-v6 { none; }; $3 dnssec-validation no; };
zone "lab.example" { type master; file "$folder/lab.zone"; };
zone "." { type hint; file "/usr/share/dns/root.hints"; };
controls {};
CONF
  AT="tcp/$2:53 udp/$2:53" serve "$1" - named -g -u bind -n 1 -c "$folder/$1.conf"
}
printf '$TTL 300\n@ IN SOA ns.lab.example. a.lab.example. 1 3600 600 86400 300\n@ IN NS ns\nns IN A %s\n' $NET.91 >"$folder/lab.zone"
named bind-open 91 'recursion yes; allow-query { any; }; allow-recursion { any; };'
named bind-closed 96 'recursion no;'
printf 'server:\n interface: %s\n username: ""\n chroot: ""\n pidfile: ""\n use-syslog: no\n access-control: 0.0.0.0/0 refuse\nremote-control:\n control-enable: no\n' $NET.97 >"$folder/unbound.conf"
AT='tcp/97:53 udp/97:53' serve unbound - unbound -d -c "$folder/unbound.conf"
AT='tcp/98:53 udp/98:53' serve dnsmasq - dnsmasq -k -C /dev/null --listen-address=$NET.98 --bind-interfaces --no-resolv --no-hosts --address=/lab.example/$NET.98 --user=root --pid-file=

printf 'interface ignore wildcard\ninterface listen %s\nserver 127.127.1.0\nfudge 127.127.1.0 stratum 10\nrestrict default\ndriftfile /tmp/drift\n' $NET.92 >"$folder/ntp.conf"
AT=udp/92:123 LAYER='ntpsec python3-ntp' serve ntpsec - ntpd -n -x -c "$folder/ntp.conf"
printf 'bindaddress %s\nport 123\ncmdport 0\nallow all\nlocal stratum 8\ndriftfile /tmp/drift\npidfile /tmp/chrony.pid\n' $NET.99 >"$folder/chrony.conf"
AT=udp/99:123 LAYER=chrony serve chrony - chronyd -4 -d -x -f "$folder/chrony.conf" -u root

host avahi 93
printf '[server]\nhost-name=labprinter\nenable-dbus=no\nuse-ipv6=no\n[publish]\npublish-workstation=yes\npublish-hinfo=yes\n' >"$folder/avahi.conf"
AT=udp/93:5353 SETUP='mkdir -p /run/avahi-daemon; chown avahi /run/avahi-daemon' serve avahi avahi avahi-daemon -f "$folder/avahi.conf" --no-rlimits
host discovery 110
AT=udp/110:3702 serve wsdd discovery wsdd -4 -i eth0 -n LABWSD
printf 'port=8200\nmedia_dir=/tmp\ndb_dir=/tmp\nlog_dir=/tmp\nfriendly_name=Lab media\ninotify=no\n' >"$folder/minidlna.conf"
AT=tcp/110:8200 serve minidlna discovery minidlnad -S -f "$folder/minidlna.conf" -P /run/minidlna.pid

cat >"$folder/ipmi.conf" <<CONF
name "lab"
set_working_mc 0x20
startlan 1
 addr $NET.94 623
 priv_limit admin
 allowed_auths_callback none md2 md5 straight
 allowed_auths_user none md2 md5 straight
 allowed_auths_operator none md2 md5 straight
 allowed_auths_admin none md2 md5 straight
 guid a123456789abcdefa123456789abcdef
endlan
user 1 true "" "test" user 10 none md2 md5 straight
user 2 true "ipmiusr" "test" admin 10 none md2 md5 straight
CONF
printf 'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr\nmc_enable 0x20\n' >"$folder/ipmi.emu"
AT=udp/94:623 serve ipmi - ipmi_sim -n -c "$folder/ipmi.conf" -f "$folder/ipmi.emu" -s /tmp

cat >"$folder/kdc.conf" <<CONF
[kdcdefaults]
 kdc_listen = $NET.100:88
 kdc_tcp_listen = $NET.100:88
[realms]
 LAB.EXAMPLE = { database_name = /tmp/principal
  key_stash_file = /tmp/stash }
CONF
AT='tcp/100:88 udp/100:88' KRB5_KDC_PROFILE=$folder/kdc.conf serve kdc - bash -c "printf '[libdefaults]\n default_realm = LAB.EXAMPLE\n' >/etc/krb5.conf
  kdb5_util create -s -r LAB.EXAMPLE -P throw-away >/dev/null && exec krb5kdc -n"

mkdir -p "$folder/nut"
printf '[lab]\n driver = dummy-ups\n port = lab.dev\n' >"$folder/nut/ups.conf"
printf 'LISTEN %s 3493\n' $NET.106 >"$folder/nut/upsd.conf"
: >"$folder/nut/upsd.users"
AT=tcp/106:3493 SETUP="cp $folder/nut/* /etc/nut/; echo MODE=standalone >/etc/nut/nut.conf; chown -R root:nut /etc/nut; chmod 640 /etc/nut/*; mkdir -p /run/nut; chown nut /run/nut" serve nut - upsd -F
printf 'host %s\nport 4949\nuser root\ngroup root\nbackground 0\nsetsid 0\nhost_name lab\nlog_file /dev/stderr\npid_file /run/munin.pid\nallow ^.*$\n' $NET.106 >"$folder/munin.conf"
AT=tcp/106:4949 SETUP='mkdir -p /var/log/munin /var/lib/munin-node/plugin-state' serve munin-node - munin-node --config "$folder/munin.conf"
printf 'server_address=%s\nserver_port=5666\nnrpe_user=nobody\nnrpe_group=nogroup\nallowed_hosts=0.0.0.0/0\ndont_blame_nrpe=0\npid_file=/tmp/nrpe.pid\ncommand[check_lab]=/bin/true\n' $NET.106 >"$folder/nrpe.cfg"
AT=tcp/106:5666 serve nrpe - nrpe -c "$folder/nrpe.cfg" -f
printf 'PidFile=/tmp/zabbix.pid\nLogType=console\nServer=10.87.0.2\nListenIP=%s\nListenPort=10050\nStartAgents=1\nHostname=lab\nAllowRoot=1\n' $NET.106 >"$folder/zabbix.conf"
AT=tcp/106:10050 serve zabbix-agent - zabbix_agentd -f -c "$folder/zabbix.conf"

cat >"$folder/modbus.py" <<PYTHON
from pymodbus.server import StartTcpServer
from pymodbus.datastore import ModbusSequentialDataBlock as Block, ModbusSlaveContext as Slave, ModbusServerContext as Server
from pymodbus.device import ModbusDeviceIdentification as Identity
device = Identity()
device.VendorName = 'Lab Works'
device.ProductCode = 'LW-1'
device.MajorMinorRevision = '3.0.0'
StartTcpServer(context=Server(slaves=Slave(hr=Block(0, [17] * 100)), single=True), identity=device, address=('$NET.107', 502))
PYTHON
AT=tcp/107:502 serve modbus - python3 "$folder/modbus.py"
cat >"$folder/rtsp.py" <<PYTHON
import gi
gi.require_version('Gst', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import Gst, GstRtspServer, GLib
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address('$NET.108')
server.set_service('554')
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch('( videotestsrc ! rtpvrawpay name=pay0 )')
server.get_mount_points().add_factory('/live', factory)
server.attach(None)
GLib.MainLoop().run()
PYTHON
AT=tcp/108:554 serve rtsp - python3 "$folder/rtsp.py"
# miniupnpd refuses an outer address that is reserved; this one exists in a namespace without a way out.
host upnp 111
ip -n sklab-host-upnp link add wan0 type bridge 2>/dev/null && ip -n sklab-host-upnp addr add 11.0.0.1/32 dev wan0 && ip -n sklab-host-upnp link set wan0 up
printf 'ext_ifname=wan0\next_ip=11.0.0.1\nlistening_ip=%s/8\nhttp_port=5555\nenable_natpmp=no\nenable_upnp=yes\nuuid=00000000-0000-0000-0000-000000000000\nfriendly_name=Lab router\nallow 1024-65535 0.0.0.0/0 1024-65535\nlease_file=/tmp/leases\n' $NET.111 >"$folder/miniupnpd.conf"
AT='tcp/111:5555 udp/111:1900' serve miniupnpd upnp miniupnpd -d -f "$folder/miniupnpd.conf" -P /run/miniupnpd.pid
