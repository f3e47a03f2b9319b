# Web servers, applications, proxies.
# shellcheck shell=bash
folder=$RUN/web
mkdir -p "$folder"
chmod 755 "$folder"
address 38 40 41 42 43 44 45 46 47 48 49 54

mkdir -p "$folder/nginx"
cat >"$folder/nginx/nginx.conf" <<CONF
daemon off; worker_processes 1; pid /run/nginx.pid; error_log stderr warn; user www-data;
events { worker_connections 2048; }
http { include /etc/nginx/mime.types; access_log off; client_body_temp_path /tmp/b; proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f; scgi_temp_path /tmp/s; uwsgi_temp_path /tmp/u;
 ssl_certificate $CERT/web.crt; ssl_certificate_key $CERT/web.key;
 server { listen $NET.40:80; listen $NET.40:443 ssl; root /usr/share/nginx/html; index index.html;
  location /admin { auth_basic "Admin area"; auth_basic_user_file /dev/null; } }
 server { listen $NET.40:8443 ssl; server_tokens off; location / { return 302 https://\$host:8443/login; }
  location /login { default_type text/html; return 200 '<html><title>Sign in</title><form method=post><input name=user><input type=password name=pass></form></html>'; } }
 server { listen $NET.40:8081; location / { auth_basic "Restricted"; auth_basic_user_file /dev/null; } } }
CONF
AT='tcp/40:80 tcp/40:443 tcp/40:8443 tcp/40:8081' serve nginx - nginx -p "$folder/nginx" -c "$folder/nginx/nginx.conf"

# Apache with PHP: WordPress, phpMyAdmin, Roundcube.
mkdir -p "$folder/apache" "$folder/roundcube" "$folder/sessions"
python3 - "$folder/roundcube/roundcube.db" /usr/share/dbconfig-common/data/roundcube/install/sqlite3 <<'PYTHON'
import sqlite3, sys
sqlite3.connect(sys.argv[1]).executescript(open(sys.argv[2]).read())
PYTHON
chown -R www-data "$folder/roundcube" "$folder/sessions"
cat >"$folder/wordpress.php" <<PHP
<?php define('DB_NAME','wordpress');define('DB_USER','wp');define('DB_PASSWORD','labpass1');define('DB_HOST','localhost:$RUN/data/mariadb/socket');
define('WP_CONTENT_DIR','/usr/share/wordpress/wp-content');define('WP_HTTP_BLOCK_EXTERNAL',true);define('DISABLE_WP_CRON',true);define('AUTOMATIC_UPDATER_DISABLED',true);
foreach(array('AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT','LOGGED_IN_SALT','NONCE_SALT') as \$k) define(\$k,'lab-'.\$k);
PHP
cat >"$folder/roundcube.php" <<PHP
<?php \$config=[]; \$config['db_dsnw']='sqlite:///$folder/roundcube/roundcube.db?mode=0640'; \$config['imap_host']=['$NET.85:143']; \$config['smtp_host']='$NET.85:25';
\$config['product_name']='Roundcube Webmail'; \$config['des_key']='lab-only-24-characters-k!'; \$config['plugins']=[]; \$config['skin']='elastic'; \$config['log_dir']='/tmp'; \$config['temp_dir']='/tmp';
PHP
cat >"$folder/phpmyadmin.php" <<PHP
<?php \$dbuser='';\$dbpass='';\$basepath='';\$dbname='';\$dbserver='$NET.62';\$dbport='3306';\$dbtype='mysql';
PHP
modules=/usr/lib/apache2/modules
{
  for module in mpm_prefork authz_core authz_host authn_core access_compat alias dir mime autoindex env setenvif rewrite ssl status socache_shmcb filter deflate; do
    [ -f $modules/mod_$module.so ] && echo "LoadModule ${module}_module $modules/mod_$module.so"
  done
  echo "LoadModule php_module $(ls $modules/libphp*.so | tail -1)"
  cat <<CONF
ServerRoot $folder/apache
PidFile /run/apache.pid
ErrorLog $LOG/apache-errors.log
User www-data
Group www-data
ServerName lab.example
StartServers 4
MaxRequestWorkers 32
TypesConfig /etc/mime.types
DirectoryIndex index.php index.html
php_admin_value session.save_path $folder/sessions
<FilesMatch "\.php$">
  SetHandler application/x-httpd-php
</FilesMatch>
<Directory />
  AllowOverride None
  Require all granted
  Options FollowSymLinks
</Directory>
SSLCertificateFile $CERT/web.crt
SSLCertificateKeyFile $CERT/web.key
Listen $NET.41:80
Listen $NET.41:443
Listen $NET.42:80
Listen $NET.43:443
<VirtualHost $NET.41:443>
  DocumentRoot /usr/share/wordpress
  SSLEngine on
</VirtualHost>
<VirtualHost $NET.41:80>
  DocumentRoot /usr/share/wordpress
</VirtualHost>
<VirtualHost $NET.42:80>
  DocumentRoot /var/www/html
  Alias /phpmyadmin /usr/share/phpmyadmin
  <Location /server-status>
    SetHandler server-status
  </Location>
</VirtualHost>
<VirtualHost $NET.43:443>
  DocumentRoot /var/lib/roundcube/public_html
  SSLEngine on
</VirtualHost>
CONF
} >"$folder/apache/httpd.conf"
AT='tcp/41:80 tcp/41:443 tcp/42:80 tcp/43:443' SETUP="mkdir -p /var/log/apache2 /etc/wordpress; cp $folder/wordpress.php /etc/wordpress/config-$NET.41.php
  cp $folder/roundcube.php /etc/roundcube/config.inc.php; cp $folder/phpmyadmin.php /etc/phpmyadmin/config-db.php; chmod 644 /etc/roundcube/*.php /etc/phpmyadmin/*.php" \
  serve apache - apache2 -d "$folder/apache" -f "$folder/apache/httpd.conf" -DFOREGROUND

mkdir -p "$folder/lighttpd/public" "$folder/lighttpd/dav"
echo backup >"$folder/lighttpd/public/backup.sql"
echo x >"$folder/lighttpd/public/readme.txt"
cat >"$folder/lighttpd/lighttpd.conf" <<CONF
server.modules = ("mod_dirlisting","mod_webdav","mod_staticfile")
server.document-root = "$folder/lighttpd/public"
server.bind = "$NET.45"
server.port = 80
server.username = "www-data"
dir-listing.activate = "enable"
\$SERVER["socket"] == "$NET.45:8080" { server.document-root = "$folder/lighttpd/dav"
 webdav.activate = "enable"
 webdav.is-readonly = "disable" }
CONF
AT='tcp/45:80 tcp/45:8080' serve lighttpd - lighttpd -D -f "$folder/lighttpd/lighttpd.conf"

# cockpit-ws takes its certificate from /etc/cockpit/ws-certs.d.
AT=tcp/46:9090 SETUP="mkdir -p /etc/cockpit/ws-certs.d; cp $CERT/web.crt /etc/cockpit/ws-certs.d/0.cert; cp $CERT/web.key /etc/cockpit/ws-certs.d/0.key" \
  serve cockpit - /usr/lib/cockpit/cockpit-ws --address=$NET.46 --port=9090

AT=tcp/47:80 serve varnish - varnishd -F -a $NET.47:80 -b $NET.40:80 -s malloc,16M -n /tmp/varnish -T none -j none
printf '{\n admin off\n auto_https off\n default_sni www.lab.example\n}\nhttp://%s:8080 {\n bind %s\n respond "caddy" 200\n}\nhttps://%s:8443 {\n bind %s\n tls %s %s\n respond "caddy" 200\n}\n' $NET.47 $NET.47 $NET.47 $NET.47 "$CERT/web.crt" "$CERT/web.key" >"$folder/Caddyfile"
AT='tcp/47:8080 tcp/47:8443' HOME=/tmp serve caddy - caddy run --config "$folder/Caddyfile" --adapter caddyfile

mkdir -p "$folder/squid"
chown proxy "$folder/squid"
printf 'http_port %s:3128\nhttp_access allow all\ncache deny all\npid_filename /tmp/squid.pid\naccess_log none\ncache_log stdio:/dev/null\ncoredump_dir /tmp\nvisible_hostname proxy.lab.example\npinger_enable off\nudp_outgoing_address %s\nshutdown_lifetime 1 seconds\n' $NET.48 $NET.48 >"$folder/squid/squid.conf"
AT=tcp/48:3128 serve squid - squid -N -f "$folder/squid/squid.conf"
printf 'global\n maxconn 500\ndefaults\n mode http\n timeout connect 3s\n timeout client 30s\n timeout server 30s\nfrontend stats\n bind %s:8404\n stats enable\n stats uri /stats\nfrontend fe\n bind %s:8080\n default_backend be\nbackend be\n server s1 %s:9\n' $NET.48 $NET.48 $NET.48 >"$folder/haproxy.cfg"
AT='tcp/48:8404 tcp/48:8080' serve haproxy - haproxy -db -f "$folder/haproxy.cfg"
printf 'Port 8888\nListen %s\nTimeout 60\nMaxClients 50\nPidFile "/run/tinyproxy.pid"\n' $NET.48 >"$folder/tinyproxy.conf"
AT=tcp/48:8888 serve tinyproxy - tinyproxy -d -c "$folder/tinyproxy.conf"
printf 'listen-address %s:8118\nconfdir /etc/privoxy\n' $NET.48 >"$folder/privoxy.conf"
AT=tcp/48:8118 serve privoxy - privoxy --no-daemon "$folder/privoxy.conf"
printf 'internal: %s port = 1080\nexternal: skbr0\nsocksmethod: none\nclientmethod: none\nuser.privileged: root\nuser.unprivileged: nobody\nlogoutput: stderr\nclient pass { from: 0.0.0.0/0 to: 0.0.0.0/0 }\nsocks block { from: 0.0.0.0/0 to: 0.0.0.0/0 }\n' $NET.48 >"$folder/danted.conf"
AT=tcp/48:1080 serve dante - danted -f "$folder/danted.conf"

mkdir -p "$folder/plain"
echo '<html><title>Plain page</title></html>' >"$folder/plain/index.html"
AT=tcp/49:81 serve mini-httpd - mini_httpd -D -h $NET.49 -p 81 -d "$folder/plain" -u nobody -i /run/mini.pid
printf 'def app(environ, start):\n    start("200 OK", [("Content-Type", "text/html")])\n    return [b"<title>app</title>"]\n' >"$folder/plain/app.py"
AT=tcp/49:8000 serve gunicorn - gunicorn --chdir "$folder/plain" -b $NET.49:8000 app:app
AT=tcp/49:3000 serve node - node -e "require('node:http').createServer((q, r) => r.end('<title>node</title>')).listen(3000, '$NET.49')"
AT=tcp/49:8001 serve python-listing - python3 -m http.server 8001 --bind $NET.49 --directory "$folder/lighttpd/public"

# TLS 1.0 and nothing newer: such a front is what an old appliance looks like.
printf 'foreground = yes\npid =\n[old]\naccept = %s:443\nconnect = %s:81\ncert = %s\nsslVersionMin = TLSv1\nsslVersionMax = TLSv1\nciphers = DEFAULT:@SECLEVEL=0\n' $NET.54 $NET.49 "$CERT/web.pem" >"$folder/stunnel.conf"
AT=tcp/54:443 serve stunnel-old - stunnel4 "$folder/stunnel.conf"
AT=tcp/54:8443 serve client-certificate - openssl s_server -accept $NET.54:8443 -cert "$CERT/web.crt" -key "$CERT/web.key" -CAfile "$CERT/clients.crt" -Verify 1 -verify_return_error -www
AT=tcp/54:8449 serve client-certificate-12 - openssl s_server -accept $NET.54:8449 -cert "$CERT/web.crt" -key "$CERT/web.key" -CAfile "$CERT/clients.crt" -Verify 1 -verify_return_error -www -tls1_2

[ -d "$folder/svn" ] || svnadmin create "$folder/svn"
AT=tcp/49:3690 serve svnserve - svnserve -d --foreground --listen-host $NET.49 --listen-port 3690 -r "$folder/svn"
git init -q --bare "$folder/git/open.git"
AT=tcp/49:9418 serve git-daemon - git daemon --listen=$NET.49 --port=9418 --base-path="$folder/git" --export-all --reuseaddr

if [ -z "$LIGHT" ]; then
  # Heavy: Java, 80 to 130 MB each.
  tomcat=$folder/tomcat
  mkdir -p "$tomcat"/{conf/Catalina/localhost,logs,webapps/ROOT,work,temp}
  cp -L /etc/tomcat10/{web.xml,catalina.properties,context.xml,logging.properties} "$tomcat/conf/"
  echo '<html><head><title>Apache Tomcat</title></head><body><h1>It works !</h1></body></html>' >"$tomcat/webapps/ROOT/index.html"
  echo '<Server port="-1"><GlobalNamingResources><Resource name="UserDatabase" auth="Container" type="org.apache.catalina.UserDatabase" factory="org.apache.catalina.users.MemoryUserDatabaseFactory" pathname="conf/tomcat-users.xml"/></GlobalNamingResources><Service name="Catalina"><Connector port="8080" address="'$NET'.44" maxThreads="20"/><Connector protocol="AJP/1.3" address="'$NET'.44" port="8009" secretRequired="false"/><Engine name="Catalina" defaultHost="localhost"><Realm className="org.apache.catalina.realm.UserDatabaseRealm" resourceName="UserDatabase"/><Host name="localhost" appBase="webapps"/></Engine></Service></Server>' >"$tomcat/conf/server.xml"
  echo '<tomcat-users><role rolename="manager-gui"/></tomcat-users>' >"$tomcat/conf/tomcat-users.xml"
  for app in manager host-manager; do echo "<Context path=\"/$app\" docBase=\"/usr/share/tomcat10-admin/$app\" privileged=\"true\"/>" >"$tomcat/conf/Catalina/localhost/$app.xml"; done
  chown -R tomcat "$tomcat"
  AT='tcp/44:8080 tcp/44:8009' AS=tomcat serve tomcat - java -Xmx96m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp /usr/share/tomcat10/bin/bootstrap.jar:/usr/share/tomcat10/bin/tomcat-juli.jar \
    -Dcatalina.home=/usr/share/tomcat10 -Dcatalina.base="$tomcat" -Djava.io.tmpdir="$tomcat/temp" org.apache.catalina.startup.Bootstrap start
  jetty=$folder/jetty
  mkdir -p "$jetty"/{webapps/app,start.d,resources,tmp}
  echo '<html><title>app</title>jetty app</html>' >"$jetty/webapps/app/index.html"
  printf -- '--module=http\n--module=deploy\njetty.http.host=%s\njetty.http.port=8080\n' $NET.38 >"$jetty/start.ini"
  AT=tcp/38:8080 serve jetty - bash -c "cd '$jetty' && exec java -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.io.tmpdir='$jetty/tmp' -jar /usr/share/jetty9/start.jar jetty.home=/usr/share/jetty9 jetty.base='$jetty'"
  # An object registry, with a debugger's port. The registry binds every address.
  host java 109
  AT='tcp/109:1099 tcp/109:5005' serve rmiregistry java rmiregistry -J-Xmx32m -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 \
    -J-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=$NET.109:5005 1099
fi

# WordPress is set up over the web, as its owner would.
if [ -d "$RUN/data" ]; then
  await apache 30
  for _ in $(seq 150); do [ -S "$RUN/data/mariadb/socket" ] && break; sleep 0.2; done
  sleep 0.5
  ip netns exec $SCAN_NS curl -s -m 60 -o /dev/null "http://$NET.41/wp-admin/install.php?step=2" \
    -d 'weblog_title=Lab+site&user_name=labadmin&admin_password=labpass1-xyz&admin_password2=labpass1-xyz&pw_weak=1&admin_email=a@lab.example&blog_public=0&language='
fi
