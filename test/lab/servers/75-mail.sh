# Mail and messages.
# shellcheck shell=bash
folder=$RUN/mail
mkdir -p "$folder"
address 85 95 101 102 103 104

cat >"$folder/main.cf" <<CONF
compatibility_level = 3.6
myhostname = mail.lab.example
inet_interfaces = $NET.85
inet_protocols = ipv4
mydestination = lab.example
mynetworks = 127.0.0.0/8
smtpd_tls_cert_file = $CERT/mail.crt
smtpd_tls_key_file = $CERT/mail.key
smtpd_tls_security_level = may
maillog_file = /var/log/postfix.log
disable_dns_lookups = yes
alias_maps =
local_transport = error:no delivery in the lab
default_transport = error:no delivery in the lab
relay_transport = error:no delivery in the lab
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
CONF
AT='tcp/85:25 tcp/85:587 tcp/85:465' SETUP="cp $folder/main.cf /etc/postfix/main.cf; cp /usr/share/postfix/master.cf.dist /etc/postfix/master.cf
  printf 'submission inet n - n - - smtpd\n  -o smtpd_tls_security_level=encrypt\nsmtps inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n' >>/etc/postfix/master.cf
  sed -i 's/^\(smtp  *inet  *n  *-  *\)y/\1n/' /etc/postfix/master.cf; chown postfix /var/lib/postfix; postfix check" serve postfix - /usr/sbin/postfix start-fg
cat >"$folder/dovecot.conf" <<CONF
base_dir = /run/dovecot
state_dir = /run/dovecot-state
log_path = $LOG/dovecot-own.log
protocols = imap pop3
listen = $NET.85
ssl_cert = <$CERT/mail.crt
ssl_key = <$CERT/mail.key
passdb {
  driver = pam
}
userdb {
  driver = passwd
}
mail_location = maildir:/nonexistent
CONF
AT='tcp/85:143 tcp/85:993 tcp/85:110 tcp/85:995' serve dovecot - dovecot -F -c "$folder/dovecot.conf"
printf 'primary_hostname = exim.lab.example\nlocal_interfaces = %s\ndaemon_smtp_ports = 25\nhost_lookup =\nrfc1413_query_timeout = 0s\nlog_file_path = /tmp/%%slog\nspool_directory = /tmp\nexim_user = mail\nexim_group = mail\nkeep_environment =\nacl_smtp_rcpt = deny\nbegin acl\ndeny:\n  deny\n' $NET.95 >"$folder/exim.conf"
AT=tcp/95:25 LAYER='exim4-base exim4-config exim4-daemon-light' serve exim - bash -c "echo 'Debian-exim:x:997:997::/tmp:/bin/false' >>/etc/passwd; echo 'Debian-exim:x:997:' >>/etc/group; cp $folder/exim.conf /etc/exim.conf; chmod 600 /etc/exim.conf; exec exim4 -bdf -C /etc/exim.conf"

printf '#!KAMAILIO\ndebug=0\nlog_stderror=yes\nfork=no\nchildren=1\nlisten=udp:%s:5060\nmpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"\nloadmodule "sl.so"\nloadmodule "pv.so"\nloadmodule "kex.so"\nloadmodule "corex.so"\nrequest_route {\n  sl_send_reply("200", "OK");\n}\n' $NET.101 |
  sed "s/^fork=no/fork=yes/; s/^listen=udp.*/&\nlisten=tcp:$NET.101:5060/" >"$folder/kamailio.cfg"
AT='udp/101:5060 tcp/101:5060' serve kamailio - kamailio -DD -E -f "$folder/kamailio.cfg" -m 16 -M 4 -P /run/kamailio.pid -Y /run
AT='udp/102:3478 tcp/102:3478' SETUP='mkdir -p /var/lib/turn' serve coturn - turnserver -n -L $NET.102 --listening-port 3478 --no-tls --no-dtls --no-cli --lt-cred-mech --realm lab.example --user lab:labpass1 --no-stdout-log --pidfile /run/turn.pid -m 1
cat >"$folder/prosody.lua" <<CONF
interfaces = { "$NET.103" }
pidfile = "/run/prosody.pid"
data_path = "/tmp"
modules_enabled = { "roster", "saslauth", "tls", "dialback", "disco", "version", "posix" }
log = { { levels = { min = "warn" }, to = "console" } }
ssl = { certificate = "$CERT/mail.crt", key = "$CERT/mail.key" }
run_as_root = true
VirtualHost "lab.example"
CONF
AT='tcp/103:5222 tcp/103:5269' serve prosody - prosody --config "$folder/prosody.lua" -F
printf '[Global]\nName = irc.lab.example\nInfo = lab\nListen = %s\nPorts = 6667\nPidFile =\nServerUID = nobody\nServerGID = nogroup\n[Options]\nDNS = no\nIdent = no\nPAM = no\n' $NET.104 >"$folder/ngircd.conf"
AT=tcp/104:6667 serve ngircd - ngircd -n -f "$folder/ngircd.conf"
