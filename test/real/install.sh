#!/bin/bash
# Installs the Debian packages that the tests against real servers and the benchmark use. Starts nothing.
# Idempotent, and quick when everything is there. Needs root and Debian 12 or a near relative.
set -euo pipefail

PACKAGES=(
  tigervnc-standalone-server tigervnc-tools # Xtigervnc, tigervncpasswd
  xrdp
  freerdp2-shadow-x11 xvfb # the only Debian server that speaks CredSSP, and the display it wants
  openssh-server
  nginx-light
  iproute2 nftables procps
  nmap tcpdump time # the benchmark; nmap is a source, too
  masscan
  openssl
  chromium poppler-utils fonts-noto-cjk # the report as its readers have it: on a screen, on paper, in Japanese
  dropbear-bin
)

missing=()
for package in "${PACKAGES[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "install.sh: all ${#PACKAGES[@]} packages are installed"
  exit 0
fi

if [ "$(id -u)" -ne 0 ]; then
  echo "install.sh: needs root to install: ${missing[*]}" >&2
  exit 1
fi

# Debian starts a daemon when its package is installed; exit code 101 of policy-rc.d forbids it (invoke-rc.d(8)).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi

export DEBIAN_FRONTEND=noninteractive
echo "install.sh: installing ${missing[*]}"
install() { apt-get install -y -qq --no-install-recommends "${missing[@]}"; }
# The package lists may be old or absent: fetch them only when the first attempt fails.
install || { apt-get update -qq && install; }
