/** Every question of TCP, likeliest first: in this order they are asked where nothing else was understood. */
import type { TcpQuestion } from '../question.ts';
import { dnsTcpQuestion } from './dns/question.ts';
import { sipTcpQuestion } from './sip/question.ts';
import { rtspQuestion } from './rtsp/question.ts';
import { socksQuestion } from './socks/question.ts';
import { ircQuestion } from './irc/question.ts';
import { mikrotikApiQuestion } from './mikrotik-api/question.ts';
import { xmppQuestion, xmppServerQuestion } from './xmpp/question.ts';
import { stunTcpQuestion } from './stun/question.ts';
import { slpTcpQuestion } from './slp/question.ts';
import { adbQuestion } from './adb/question.ts';
import { smartInstallQuestion } from './smart-install/question.ts';
import { checkPointTopologyQuestion } from './check-point-topology/question.ts';
import { modbusQuestion } from './modbus/question.ts';
import { ethernetIpQuestion } from './ethernet-ip/question.ts';
import { stratumQuestion } from './stratum/question.ts';
import { vncWebSocketQuestion } from './vnc-websocket/question.ts';
import { smbQuestion } from './smb/question.ts';
import { rdGatewayQuestion } from './windows-web/rd-gateway.ts';
import { wsmanQuestion } from './windows-web/wsman.ts';
import { ldapQuestion } from './ldap/question.ts';
import { mssqlQuestion } from './mssql/question.ts';
import { msrpcQuestion } from './msrpc/question.ts';
import { kerberosQuestion } from './kerberos/question.ts';
import { redisQuestion } from './redis/question.ts';
import { postgresqlQuestion } from './postgresql/question.ts';
import { mongodbQuestion } from './mongodb/question.ts';
import { memcachedQuestion } from './memcached/question.ts';
import { oracleTnsQuestion } from './oracle-tns/question.ts';
import { amqpQuestion } from './amqp/question.ts';
import { mqttQuestion } from './mqtt/question.ts';
import { openwireQuestion } from './openwire/question.ts';
import { zookeeperQuestion } from './zookeeper/question.ts';
import { kafkaQuestion } from './kafka/question.ts';
import { cassandraQuestion } from './cassandra/question.ts';
import { natsQuestion } from './nats/question.ts';
import { epmdQuestion } from './epmd/question.ts';
import { erlangQuestion } from './erlang/question.ts';
import { drdaQuestion } from './drda/question.ts';
import { firebirdQuestion } from './firebird/question.ts';
import { boltQuestion } from './bolt/question.ts';
import { sapNiQuestion } from './sap-ni/question.ts';
import { aerospikeQuestion } from './aerospike/question.ts';
import { beanstalkdQuestion } from './beanstalkd/question.ts';
import { gearmanQuestion } from './gearman/question.ts';
import { nfsQuestion, rpcbindQuestion, mountdQuestion } from './sun-rpc/question.ts';
import { x11Question } from './x11/question.ts';
import { javaRmiQuestion } from './java-rmi/question.ts';
import { ajpQuestion } from './ajp/question.ts';
import { jdwpQuestion } from './jdwp/question.ts';
import { spiceQuestion } from './spice/question.ts';
import { rsyncQuestion } from './rsync/question.ts';
import { afpQuestion } from './afp/question.ts';
import { teamViewerQuestion } from './teamviewer/question.ts';
import { radminQuestion } from './radmin/question.ts';
import { damewareQuestion } from './dameware/question.ts';
import { splashtopQuestion } from './splashtop/question.ts';
import { rustDeskQuestion } from './rustdesk/question.ts';
import { landeskRcQuestion } from './landesk-rc/question.ts';
import { svnQuestion } from './svn/question.ts';
import { gitDaemonQuestion } from './git-daemon/question.ts';
import { zabbixAgentQuestion } from './zabbix-agent/question.ts';
import { nrpeQuestion } from './nrpe/question.ts';
import { checkmkAgentQuestion } from './checkmk-agent/question.ts';
import { muninQuestion } from './munin/question.ts';
import { nutQuestion } from './nut/question.ts';
import { gpsdQuestion } from './gpsd/question.ts';
import { mpdQuestion } from './mpd/question.ts';
import { nbdQuestion } from './nbd/question.ts';
import { libvirtQuestion } from './libvirt/question.ts';
import { pulseAudioQuestion } from './pulseaudio/question.ts';
import { saneQuestion } from './sane/question.ts';
import { lpdQuestion } from './lpd/question.ts';
import { fingerQuestion } from './finger/question.ts';
import { identQuestion } from './ident/question.ts';
import { mumbleQuestion } from './mumble/question.ts';
import { rCommandQuestion } from './r-commands/question.ts';
import { daytimeQuestion, chargenQuestion, echoQuestion } from './small-services/question.ts';
import { openvpnQuestion } from './openvpn/question.ts';
import { pptpQuestion } from './pptp/question.ts';
import { anyConnectQuestion } from './anyconnect/question.ts';
import { softEtherQuestion } from './softether/question.ts';
import { sstpQuestion } from './sstp/question.ts';

export const TCP_QUESTIONS: readonly TcpQuestion[] = [
  vncWebSocketQuestion,
  smbQuestion,
  rdGatewayQuestion,
  wsmanQuestion,
  ldapQuestion,
  mssqlQuestion,
  msrpcQuestion,
  kerberosQuestion,
  redisQuestion,
  postgresqlQuestion,
  mongodbQuestion,
  memcachedQuestion,
  oracleTnsQuestion,
  amqpQuestion,
  mqttQuestion,
  openwireQuestion,
  zookeeperQuestion,
  kafkaQuestion,
  cassandraQuestion,
  natsQuestion,
  epmdQuestion,
  erlangQuestion,
  drdaQuestion,
  firebirdQuestion,
  boltQuestion,
  sapNiQuestion,
  aerospikeQuestion,
  beanstalkdQuestion,
  gearmanQuestion,
  nfsQuestion,
  rpcbindQuestion,
  mountdQuestion,
  x11Question,
  javaRmiQuestion,
  ajpQuestion,
  jdwpQuestion,
  spiceQuestion,
  rsyncQuestion,
  afpQuestion,
  teamViewerQuestion,
  radminQuestion,
  damewareQuestion,
  splashtopQuestion,
  rustDeskQuestion,
  landeskRcQuestion,
  svnQuestion,
  gitDaemonQuestion,
  zabbixAgentQuestion,
  nrpeQuestion,
  checkmkAgentQuestion,
  muninQuestion,
  nutQuestion,
  gpsdQuestion,
  mpdQuestion,
  nbdQuestion,
  libvirtQuestion,
  pulseAudioQuestion,
  saneQuestion,
  lpdQuestion,
  fingerQuestion,
  identQuestion,
  mumbleQuestion,
  rCommandQuestion,
  daytimeQuestion,
  chargenQuestion,
  echoQuestion,
  dnsTcpQuestion,
  sipTcpQuestion,
  rtspQuestion,
  socksQuestion,
  xmppQuestion,
  xmppServerQuestion,
  ircQuestion,
  mikrotikApiQuestion,
  stunTcpQuestion,
  slpTcpQuestion,
  adbQuestion,
  smartInstallQuestion,
  checkPointTopologyQuestion,
  modbusQuestion,
  ethernetIpQuestion,
  stratumQuestion,
  openvpnQuestion,
  pptpQuestion,
  anyConnectQuestion,
  softEtherQuestion,
  sstpQuestion,
];
