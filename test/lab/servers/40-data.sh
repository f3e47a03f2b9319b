# Databases, caches, queues, directories, container API.
# shellcheck shell=bash
folder=$RUN/data
mkdir -p "$folder"
address 60 61 62 63 64 65 67 68 69 70 72 73 74

AT=tcp/60:6379 serve redis-open - redis-server --bind $NET.60 --port 6379 --protected-mode no --save '' --appendonly no --daemonize no
AT=tcp/61:6379 serve redis-password - redis-server --bind $NET.61 --port 6379 --requirepass labpass1 --save '' --appendonly no --daemonize no

# MariaDB holds WordPress too, over its socket. Strangers are turned away unless an account of their address exists.
mkdir -p "$folder/mariadb"
chown mysql "$folder/mariadb"
# One statement a line: the server reads the file like that.
cat >"$folder/mariadb.sql" <<SQL
CREATE USER IF NOT EXISTS app@'10.87.0.%' IDENTIFIED BY 'labpass1';
CREATE DATABASE IF NOT EXISTS wordpress;
CREATE USER IF NOT EXISTS wp@localhost IDENTIFIED BY 'labpass1';
GRANT ALL ON wordpress.* TO wp@localhost;
SQL
AT=tcp/62:3306 serve mariadb - bash -c "[ -d $folder/mariadb/data/mysql ] || mariadb-install-db --user=mysql --datadir=$folder/mariadb/data --auth-root-authentication-method=socket --skip-test-db \
    --innodb-buffer-pool-size=32M >/dev/null || exit 1; exec setpriv --reuid=mysql --regid=mysql --init-groups mariadbd --no-defaults --datadir=$folder/mariadb/data \
    --socket=$folder/mariadb/socket --pid-file=/tmp/pid --bind-address=$NET.62 --port=3306 --innodb-buffer-pool-size=32M --performance-schema=off \
    --max-connect-errors=1000000 --skip-name-resolve --init-file=$folder/mariadb.sql"

postgres=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
mkdir -p "$folder/postgres"
cp "$CERT/web.crt" "$CERT/web.key" "$folder/postgres"
echo labpass1 >"$folder/postgres/password"
chown -R postgres "$folder/postgres"
chmod 600 "$folder/postgres/web.key"
AT=tcp/63:5432 AS=postgres serve postgresql - bash -c "cd $folder/postgres; [ -d data ] || $postgres/initdb -D data -A scram-sha-256 --pwfile=password --no-sync >/dev/null || exit 1
  echo 'host all all 10.87.0.0/30 scram-sha-256' >>data/pg_hba.conf; exec $postgres/postgres -D data -c listen_addresses=$NET.63 -c unix_socket_directories= \
    -c shared_buffers=16MB -c ssl=on -c ssl_cert_file=$folder/postgres/web.crt -c ssl_key_file=$folder/postgres/web.key"
printf '[databases]\n* = host=%s\n[pgbouncer]\nlisten_addr = %s\nlisten_port = 6432\nauth_type = md5\nauth_file = /dev/null\nunix_socket_dir =\n' $NET.63 $NET.63 >"$folder/pgbouncer.ini"
AT=tcp/63:6432 AS=postgres serve pgbouncer - pgbouncer "$folder/pgbouncer.ini"

AT='tcp/64:11211 udp/64:11211' AS=nobody serve memcached - memcached -l $NET.64 -p 11211 -U 11211 -m 16
cat >"$folder/mosquitto.conf" <<CONF
per_listener_settings true
listener 1883 $NET.65
allow_anonymous true
listener 1884 $NET.65
allow_anonymous false
listener 8883 $NET.65
allow_anonymous true
certfile $CERT/web.crt
keyfile $CERT/web.key
CONF
AT='tcp/65:1883 tcp/65:1884 tcp/65:8883' serve mosquitto - mosquitto -c "$folder/mosquitto.conf"
AT='tcp/67:2379 tcp/67:2380' serve etcd - etcd --data-dir "$folder/etcd" --listen-client-urls http://$NET.67:2379 --advertise-client-urls http://$NET.67:2379 \
  --listen-peer-urls http://$NET.67:2380 --initial-advertise-peer-urls http://$NET.67:2380 --initial-cluster default=http://$NET.67:2380
AT='tcp/68:4222 tcp/68:8222' AS=nobody serve nats - nats-server -a $NET.68 -p 4222 -m 8222

mkdir -p "$folder/slapd"
cat >"$folder/slapd.conf" <<CONF
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile $CERT/web.crt
TLSCertificateKeyFile $CERT/web.key
database mdb
suffix "dc=lab,dc=example"
rootdn "cn=admin,dc=lab,dc=example"
directory $folder/slapd
CONF
AT='tcp/70:389 tcp/70:636' serve slapd - slapd -d 0 -f "$folder/slapd.conf" -h "ldap://$NET.70:389/ ldaps://$NET.70:636/"

printf 'global: {}\n' >"$folder/prometheus.yml"
AT=tcp/72:9090 serve prometheus - prometheus --config.file="$folder/prometheus.yml" --storage.tsdb.path="$folder/prometheus" --web.listen-address=$NET.72:9090
AT=tcp/73:11300 serve beanstalkd - beanstalkd -l $NET.73 -p 11300
AT=tcp/73:4730 AS=nobody serve gearman - gearmand -L $NET.73 -p 4730 --log-file=stderr
printf 'reporting-disabled = true\nbind-address = "127.0.0.1:0"\n[meta]\n dir = "%s/influxdb/meta"\n[data]\n dir = "%s/influxdb/data"\n wal-dir = "%s/influxdb/wal"\n[http]\n bind-address = "%s:8086"\n' \
  "$folder" "$folder" "$folder" $NET.73 >"$folder/influxdb.conf"
AT=tcp/73:8086 serve influxdb - influxd run -config "$folder/influxdb.conf"
AT=tcp/74:3050 SETUP="sed -i 's/^#*RemoteBindAddress *=.*/RemoteBindAddress = $NET.74/' /etc/firebird/3.0/firebird.conf; mkdir -p /run/firebird3.0 /var/log/firebird; chown firebird /run/firebird3.0 /var/log/firebird" \
  serve firebird - setpriv --reuid=firebird --regid=firebird --clear-groups firebird

if [ -z "$LIGHT" ]; then
  # Heavy: Erlang (130 MB), Go and a container runtime (90 MB), Java (70 MB).
  host rabbitmq 66
  mkdir -p "$folder/rabbitmq"
  echo '[rabbitmq_management].' >"$folder/rabbitmq/plugins"
  printf 'listeners.tcp.default = %s:5672\nmanagement.tcp.ip = %s\nmanagement.tcp.port = 15672\n' $NET.66 $NET.66 >"$folder/rabbitmq/rabbitmq.conf"
  chown -R rabbitmq "$folder/rabbitmq"
  AT='tcp/66:5672 tcp/66:15672 tcp/66:4369 tcp/66:25672' AS=rabbitmq HOME=$folder/rabbitmq RABBITMQ_NODENAME=rabbit@localhost \
    RABBITMQ_MNESIA_BASE=$folder/rabbitmq/mnesia RABBITMQ_LOG_BASE=$folder/rabbitmq/log RABBITMQ_CONFIG_FILE=$folder/rabbitmq/rabbitmq.conf \
    RABBITMQ_ENABLED_PLUGINS_FILE=$folder/rabbitmq/plugins RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='+S 1:1 +sbwt none' RABBITMQ_PID_FILE=$folder/rabbitmq/pid \
    serve rabbitmq rabbitmq /usr/lib/rabbitmq/bin/rabbitmq-server
  host docker 71
  # `ip netns exec` gives a fresh /sys without control groups.
  AT=tcp/71:2375 SETUP='mount -t cgroup2 none /sys/fs/cgroup || mount -t tmpfs none /sys/fs/cgroup' serve dockerd docker dockerd -H tcp://$NET.71:2375 \
    --iptables=false --ip-masq=false --bridge=none --storage-driver=vfs --data-root="$folder/docker" --exec-root=/run/docker --tls=false
  printf 'tickTime=2000\ndataDir=%s/zookeeper\nclientPort=2181\nclientPortAddress=%s\n4lw.commands.whitelist=srvr,ruok\nadmin.enableServer=false\n' "$folder" $NET.69 >"$folder/zoo.cfg"
  mkdir -p "$folder/zookeeper"
  # shellcheck disable=SC2016
  AT=tcp/69:2181 serve zookeeper - bash -c '. /usr/share/zookeeper/bin/zkEnv.sh >/dev/null 2>&1; exec java -Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
    -cp "/etc/zookeeper/conf:/usr/share/java/*" org.apache.zookeeper.server.quorum.QuorumPeerMain "$1"' zookeeper "$folder/zoo.cfg"
fi
