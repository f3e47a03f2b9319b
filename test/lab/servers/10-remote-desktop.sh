# Remote desktops (RDP).
# shellcheck shell=bash
folder=$RUN/remote-desktop
mkdir -p "$folder"

xrdp() { # NAME LAST PORT LAYER
  address "$2"
  # xrdp.ini holds [Globals] first; what follows are sessions.
  sed -e "s|^port=3389|port=tcp://$NET.$2:$3|" -e "s|^security_layer=.*|security_layer=$4|" \
    -e "s|^certificate=.*|certificate=$CERT/rdp.crt|" -e "s|^key_file=.*|key_file=$CERT/rdp.key|" \
    -e "s|^LogFile=.*|LogFile=$LOG/$1-own.log|" -e 's|^EnableSyslog=.*|EnableSyslog=false|' /etc/xrdp/xrdp.ini >"$folder/$1.ini"
  AT="tcp/$2:$3" SETUP='mkdir -p /run/xrdp' serve "$1" - /usr/sbin/xrdp --nodaemon -c "$folder/$1.ini"
}
xrdp xrdp-negotiate 10 3389 negotiate
xrdp xrdp-standard 11 3389 rdp
xrdp xrdp-tls 12 3389 tls
xrdp xrdp-moved 13 13389 negotiate

# FreeRDP's shadow server, the only server in Debian that speaks CredSSP, shares a display: an Xvfb of its own beside it.
# X's abstract socket belongs to the network namespace: every display needs a number of its own.
# -noreset: Xvfb begins anew when its last client leaves, and refuses the next one meanwhile.
echo 'throwaway:::8846f7eaee8fb117ad06bdd830b7586c:::' >"$folder/sam" # user:domain:lm:nt
shadow() { # NAME PORT DISPLAY OPTION...
  local name=$1 port=$2 display=$3
  shift 3
  AT="tcp/14:$port" DISPLAY=:$display serve "$name" - bash -c 'export HOME=/run
    Xvfb $DISPLAY -screen 0 320x240x24 -nolisten tcp -noreset & until [ -S /tmp/.X11-unix/X${DISPLAY#:} ]; do sleep 0.1; done; sleep 0.5
    freerdp-shadow-cli "$@"' shadow /bind-address:$NET.14 "/port:$port" "$@"
}
address 14
shadow shadow-nla 3389 11 /sec:nla "/sam-file:$folder/sam" +auth
shadow shadow-tls 3390 12 /sec:tls -auth
shadow shadow-all 3391 13 -auth

behind_firewall 10 tcp:3389
behind_firewall 13 tcp:13389
behind_firewall 14 tcp:3389 tcp:3390 tcp:3391
