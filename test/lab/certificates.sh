#!/bin/bash
# Throw-away certificates of the laboratory: certificates.sh FOLDER. The keys protect nothing.
set -e
cd "$1"
[ ! -f made ] || exit 0
make() { # NAME SUBJECT [EXTENSION]
  openssl req -x509 -newkey rsa:2048 -nodes -sha256 -days 365 -keyout "$1.key" -out "$1.crt" -subj "$2" ${3:+-addext "$3"} 2>/dev/null
  cat "$1.crt" "$1.key" >"$1.pem"
}
make rdp /CN=WIN-LAB01.corp.lab.example &
make vnc /CN=vnc.lab.example &
make vpn '/O=Lab/CN=vpn.lab.example' 'subjectAltName=DNS:vpn.lab.example,DNS:remote.lab.example' &
make web /CN=www.lab.example 'subjectAltName=DNS:www.lab.example' &
make mail /CN=mail.lab.example 'subjectAltName=DNS:mail.lab.example' &
make clients '/CN=Lab Client CA' &
wait
# OpenVPN in certificate mode without a CA of its own: the server's certificate is its own authority.
cp vpn.crt openvpn.crt
cp vpn.key openvpn.key
chmod 644 ./*
touch made
