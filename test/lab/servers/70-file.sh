# Files, shares, printing, block devices, the domain controller.
# shellcheck shell=bash
folder=$RUN/file
mkdir -p "$folder"/{share,ftp/pub,tftp,nfs,smb,ganesha}
address 81 82 87 88 89
echo hello >"$folder/tftp/config.txt"
chmod 555 "$folder/ftp"

samba() { # NAME LAST NETBIOS-NAME LINE...
  local name=$1 last=$2 netbios=$3
  shift 3
  host "$name" "$last"
  mkdir -p "$folder/$name"/{private,lock,state,cache}
  printf '%s\n' '[global]' 'workgroup = LABGROUP' "netbios name = $netbios" "interfaces = $NET.$last/32" 'bind interfaces only = yes' \
    "private dir = $folder/$name/private" "lock directory = $folder/$name/lock" "state directory = $folder/$name/state" \
    "cache directory = $folder/$name/cache" "pid directory = $folder/$name/lock" "ncalrpc dir = $folder/$name/lock/ncalrpc" \
    "log file = $LOG/$name-own.log" 'load printers = no' 'printing = bsd' 'disable spoolss = yes' "$@" >"$folder/$name/smb.conf"
  # nmbd stands beside smbd: they know each other by process id, through the files that they share.
  AT="tcp/$last:445 tcp/$last:139 udp/$last:137" SETUP='mkdir -p /run/samba' serve "$name" "$name" bash -c "
    nmbd -D -s $folder/$name/smb.conf; exec smbd -F --no-process-group -s $folder/$name/smb.conf"
}
samba samba-smb1 80 LABFILE 'server min protocol = NT1' 'map to guest = Bad User' '[public]' "path = $folder/share" 'guest ok = yes' 'read only = yes'
samba samba-smb3 84 LABSAFE 'server min protocol = SMB3' 'server signing = mandatory'

printf 'listen=YES\nlisten_ipv6=NO\nlisten_address=%s\nbackground=NO\nanonymous_enable=YES\nlocal_enable=YES\nanon_root=%s\nsecure_chroot_dir=/run\nxferlog_enable=NO\nseccomp_sandbox=NO\nftp_username=nobody\n' \
  $NET.81 "$folder/ftp" >"$folder/vsftpd.conf"
AT=tcp/81:21 LAYER=vsftpd serve vsftpd - vsftpd "$folder/vsftpd.conf"
printf 'ServerType standalone\nDefaultAddress %s\nSocketBindTight on\nPort 21\nUser nobody\nGroup nogroup\nServerName lab\nPidFile /run/proftpd.pid\nScoreboardFile /run/proftpd.score\nDelayEngine off\nWtmpLog off\nUseIPv6 off\nAuthPAM off\n' \
  $NET.87 >"$folder/proftpd.conf"
AT=tcp/87:21 LAYER=proftpd-core serve proftpd - proftpd -n -c "$folder/proftpd.conf"
AT=tcp/87:2121 LAYER='pure-ftpd pure-ftpd-common' serve pure-ftpd - pure-ftpd -S $NET.87,2121 -4 -E -H -g /run/pure.pid

printf 'use chroot = no\nmax connections = 20\nlock file = /run/rsync.lock\n[backup]\npath = %s\ncomment = Lab backup\nread only = yes\n' "$folder/ftp" >"$folder/rsyncd.conf"
AT=tcp/82:873 serve rsync - rsync --daemon --no-detach --address=$NET.82 --port=873 --config="$folder/rsyncd.conf"
AT=udp/82:69 LAYER=tftpd-hpa serve tftpd - in.tftpd -L -a $NET.82:69 -u nobody -s "$folder/tftp"

host nfs 83
cat >"$folder/ganesha.conf" <<CONF
NFS_CORE_PARAM { Protocols = 3,4; Bind_addr = $NET.83; mount_path_pseudo = true; NFS_Port = 2049; MNT_Port = 20048; Enable_NLM = false; Enable_RQUOTA = false; }
NFSV4 { RecoveryBackend = fs; Grace_Period = 5; }
EXPORT { Export_Id = 1; Path = $folder/nfs; Pseudo = /export; Access_Type = RO; Squash = root_squash; SecType = sys; FSAL { Name = VFS; } CLIENT { Clients = *; Access_Type = RO; } }
LOG { Default_Log_Level = WARN; }
CONF
# Ganesha announces itself to rpcbind over the socket in /run, so both live in one private place.
AT='tcp/83:111 udp/83:111 tcp/83:2049 udp/83:2049 tcp/83:20048 udp/83:20048' SETUP='mkdir -p /run/ganesha /var/lib/nfs/ganesha' serve nfs nfs bash -c "
  rpcbind -f -w -h $NET.83 & until [ -S /run/rpcbind.sock ]; do sleep 0.1; done; sleep 0.3
  exec ganesha.nfsd -F -L STDERR -f $folder/ganesha.conf -p /run/ganesha.pid"

printf 'Listen %s:631\nBrowsing Off\nDefaultAuthType None\n<Location />\n  Order allow,deny\n  Allow all\n</Location>\nServerAlias *\n' $NET.88 >"$folder/cupsd.conf"
AT=tcp/88:631 SETUP='mkdir -p /run/cups /var/cache/cups' serve cups - cupsd -f -c "$folder/cupsd.conf"
AT=tcp/89:3632 serve distccd - distccd --no-detach --daemon --listen $NET.89 --port 3632 --allow 10.87.0.0/24 --user nobody --log-stderr
truncate -s 1M "$folder/disk"
printf '[generic]\nlistenaddr = %s\nport = 10809\nallowlist = true\n[disk]\nexportname = %s\nreadonly = true\n' $NET.89 "$folder/disk" >"$folder/nbd.conf"
AT=tcp/89:10809 serve nbd - nbd-server -d -C "$folder/nbd.conf"
AT=tcp/89:3260 SETUP='mkdir -p /run/tgtd' serve tgt - bash -c "
  (until tgtadm --op show --mode target >/dev/null 2>&1; do sleep 0.2; done
   tgtadm --lld iscsi --op new --mode target --tid 1 -T iqn.2026-01.example.lab:disk
   tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 -b $folder/disk
   tgtadm --lld iscsi --op bind --mode target --tid 1 -I ALL) &
  exec tgtd -f --iscsi portal=$NET.89:3260"

if [ -z "$LIGHT" ]; then
  # Heavy: the Active Directory domain controller (Samba), 20 processes, 400 MB at its start.
  host ad 86
  mkdir -p "$folder/ad"
  AT='tcp/86:88 udp/86:88 tcp/86:389 udp/86:389 tcp/86:636 tcp/86:445 tcp/86:139 tcp/86:135 tcp/86:464 udp/86:464 tcp/86:3268 tcp/86:3269 udp/86:53 tcp/86:53 udp/86:137' \
    BIND="$folder/ad:/var/lib/samba" SETUP='mkdir -p /run/samba' serve samba-ad ad bash -c "rm -f /etc/samba/smb.conf; samba-tool domain provision --realm=AD.LAB.EXAMPLE --domain=LABAD --server-role=dc \
      --dns-backend=SAMBA_INTERNAL --adminpass='Throw-away-1' --host-name=labdc --host-ip=$NET.86 --option='interfaces=$NET.86/32' --option='bind interfaces only=yes' \
      --option='dns forwarder=' >/dev/null && exec samba -i --no-process-group"
fi
