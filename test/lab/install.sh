#!/bin/bash
# Installs the Debian 12 packages of the laboratory. Starts nothing. Idempotent, and quick when everything is there. Needs root.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

PACKAGES=(
  # tools
  iproute2 nftables procps util-linux openssl curl xxd iputils-ping nmap tcpdump time
  # remote desktop, VNC, X11
  xrdp freerdp2-shadow-x11 xvfb
  tigervnc-standalone-server tigervnc-tools x11vnc qemu-system-x86 novnc websockify tightvncserver xfonts-base
  # VPN
  ocserv openvpn softether-vpnserver softether-vpncmd strongswan-starter strongswan-charon libcharon-extra-plugins xl2tpd pptpd
  # shells
  openssh-server dropbear-bin inetutils-telnetd inetutils-inetd rsh-redone-server shellinabox busybox
  # web
  nginx-light apache2-bin apache2 libapache2-mod-php php-mysql php-sqlite3 php-intl wordpress
  phpmyadmin roundcube-core roundcube-sqlite3 lighttpd lighttpd-mod-webdav tomcat10 tomcat10-admin jetty9
  openjdk-17-jre-headless cockpit-ws cockpit-bridge cockpit squid haproxy tinyproxy varnish privoxy caddy mini-httpd
  gunicorn stunnel4 dante-server subversion
  # data
  redis-server mariadb-server postgresql pgbouncer memcached mosquitto rabbitmq-server etcd-server slapd docker.io prometheus
  nats-server zookeeper beanstalkd gearman-job-server influxdb firebird3.0-server
  # files, printing, names
  samba samba-dsdb-modules winbind krb5-kdc rsync rpcbind nfs-ganesha nfs-ganesha-vfs cups-daemon distcc nbd-server tgt
  snmpd bind9 unbound dnsmasq-base avahi-daemon openipmi wsdd minidlna miniupnpd-nftables
  # mail and messages
  postfix dovecot-imapd dovecot-pop3d prosody ngircd kamailio coturn
  # monitoring and machines
  nut-server munin-node nagios-nrpe-server zabbix-agent python3-pymodbus python3-serial python3-serial-asyncio
  python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-base git
  # libraries of the packages below
  libgnutls30 libseccomp2 libwrap0 libevent-2.1-7 libnss3 libcap2 libpam0g libldns3 libmariadb3 libpq5 libedit2 bsd-mailx
  libpcre2-8-0 libsodium23 libhiredis0.14 libmemcached11 libidn12 python3
)

# Packages that cannot stand beside another one of this list (ftp-server, time-daemon, mail-transport-agent, IKE): taken apart
# into a folder, and laid over /usr and /etc in the private mount namespace of their server.
APART=(vsftpd proftpd-core pure-ftpd pure-ftpd-common ntpsec python3-ntp chrony tftpd-hpa exim4-daemon-light exim4-base exim4-config libreswan)

STORE=/var/cache/sklab
missing=()
for package in "${PACKAGES[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
apart=()
for package in "${APART[@]}"; do [ -f "$STORE/$package/version" ] || apart+=("$package"); done

if [ ${#missing[@]} -eq 0 ] && [ ${#apart[@]} -eq 0 ]; then
  echo "install.sh: all $((${#PACKAGES[@]} + ${#APART[@]})) packages are there"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "install.sh: needs root to install: ${missing[*]} ${apart[*]}" >&2
  exit 1
fi

# Debian starts a daemon when its package is installed; exit code 101 of policy-rc.d forbids it (invoke-rc.d(8)).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
# Others may be installing; a moment later it is our turn.
apt() { apt-get -o DPkg::Lock::Timeout=600 "$@"; }

if [ ${#missing[@]} -gt 0 ]; then
  # dbconfig-common would make databases at install time.
  for package in phpmyadmin roundcube wordpress; do
    echo "$package $package/dbconfig-install boolean false" | debconf-set-selections
  done
  echo 'phpmyadmin phpmyadmin/reconfigure-webserver multiselect' | debconf-set-selections
  echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
  echo "install.sh: installing ${missing[*]}"
  install() { apt install -y -qq --no-install-recommends "${missing[@]}"; }
  # The package lists may be old or absent: fetch them only when the first attempt fails.
  install || { apt update -qq && install; }
fi

if [ ${#apart[@]} -gt 0 ]; then
  echo "install.sh: taking apart ${apart[*]}"
  download=$(mktemp -d)
  trap 'rm -rf "$download"' EXIT
  # The sandbox user of apt cannot write into a folder of root.
  (cd "$download" && { apt -o APT::Sandbox::User=root download -qq "${apart[@]}" || { apt update -qq && apt -o APT::Sandbox::User=root download -qq "${apart[@]}"; }; })
  for package in "${apart[@]}"; do
    rm -rf "${STORE:?}/$package"
    mkdir -p "$STORE/$package"
    dpkg -x "$download/${package}"_*.deb "$STORE/$package"
    # Debian 12 has merged these folders into /usr.
    for folder in bin sbin lib; do
      [ -d "$STORE/$package/$folder" ] || continue
      mkdir -p "$STORE/$package/usr/$folder"
      cp -a "$STORE/$package/$folder/." "$STORE/$package/usr/$folder/"
      rm -r "${STORE:?}/$package/$folder"
    done
    dpkg-deb -f "$download/${package}"_*.deb Version >"$STORE/$package/version"
  done
fi
