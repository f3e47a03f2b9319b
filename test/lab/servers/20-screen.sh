# Screens: VNC, SPICE, X11.
# shellcheck shell=bash
folder=$RUN/screen
mkdir -p "$folder"
printf 'labpass1\n' | tigervncpasswd -f >"$folder/password"
chmod 600 "$folder/password"
# Display numbers: X's abstract socket belongs to the network namespace, not to the private /tmp.
display=20

tigervnc() { # NAME LAST PORT OPTION...
  local name=$1 last=$2 port=$3
  shift 3
  address "$last"
  display=$((display + 1))
  AT="tcp/$last:$port" serve "$name" - Xtigervnc ":$display" -geometry 320x240 -depth 16 -nolisten tcp -nolisten unix \
    -interface "$NET.$last" -rfbport "$port" -AlwaysShared -rfbauth "$folder/password" "$@"
}
tigervnc tigervnc-none 20 5900 -SecurityTypes None -desktop lab
tigervnc tigervnc-password 21 5901 -SecurityTypes VncAuth
tigervnc tigervnc-moved 21 15900 -SecurityTypes VncAuth
tigervnc tigervnc-x509 22 5900 -SecurityTypes X509Vnc,TLSVnc -X509Cert "$CERT/vnc.crt" -X509Key "$CERT/vnc.key"
tigervnc tigervnc-mixed 22 5902 -SecurityTypes TLSNone,None,VncAuth
tigervnc tigervnc-plain 22 5903 -SecurityTypes Plain,TLSPlain -PlainUsers root

x11vnc_at() { # NAME PORT OPTION...
  local name=$1 port=$2
  shift 2
  display=$((display + 1))
  AT="tcp/23:$port" DISPLAY=:$display serve "$name" x11vnc bash -c 'Xvfb $DISPLAY -screen 0 320x240x24 -nolisten tcp -noreset &
    until [ -S /tmp/.X11-unix/X${DISPLAY#:} ]; do sleep 0.1; done; sleep 0.3; x11vnc "$@"' x11vnc \
    -rfbport "$port" -listen $NET.23 -no6 -noipv6 -forever -shared -noxdamage -nap "$@"
}
# x11vnc opens an IPv6 socket at port 5900 of every address, whatever it is told.
host x11vnc 23
address 24 25 26
x11vnc_at x11vnc-none 5900 -nopw
x11vnc_at x11vnc-password 5911 -passwd labpass1
# The password file of TigerVNC has TightVNC's form.
AT=tcp/24:5900 serve tightvnc - Xtightvnc :19 -nolisten tcp -geometry 320x240 -depth 16 -interface $NET.24 -rfbport 5900 -rfbauth "$folder/password" \
  -fp /usr/share/fonts/X11/misc -desktop lab

qemu() { # NAME OPTION...
  local name=$1
  shift
  serve "$name" - qemu-system-x86_64 -M pc -accel tcg -S -m 16 -nodefaults -vga std -nic none "$@"
}
AT='tcp/25:5900 tcp/25:5700' qemu qemu-vnc-none -vnc $NET.25:0,websocket=5700
AT=tcp/25:5901 qemu qemu-vnc-password -vnc $NET.25:1,password=on
AT=tcp/25:5930 qemu qemu-spice -spice addr=$NET.25,port=5930,disable-ticketing=on
AT=tcp/26:6080 serve novnc - websockify --web=/usr/share/novnc $NET.26:6080 $NET.20:5900

# X has no option to bind one address.
host x11 27
AT=tcp/27:6000 serve x11-open x11 Xvfb :0 -screen 0 320x240x24 -listen tcp -nolisten unix -ac
: >"$folder/xauthority"
AT=tcp/27:6001 SETUP='xauth -q -f /run/xa add :1 . 0123456789abcdef0123456789abcdef 2>/dev/null || : >/run/xa' serve x11-cookie x11 \
  Xvfb :1 -screen 0 320x240x24 -listen tcp -nolisten unix -auth /run/xa
