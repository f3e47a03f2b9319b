/** Every question of UDP. */
import type { UdpQuestion } from '../question.ts';
import { snmpQuestion } from './snmp/question.ts';
import { dnsQuestion } from './dns/question.ts';
import { ntpQuestion } from './ntp/question.ts';
import { ipmiQuestion } from './ipmi/question.ts';
import { sipQuestion } from './sip/question.ts';
import { ssdpQuestion } from './ssdp/question.ts';
import { mdnsQuestion } from './mdns/question.ts';
import { wsDiscoveryQuestion } from './ws-discovery/question.ts';
import { stunQuestion } from './stun/question.ts';
import { slpQuestion } from './slp/question.ts';
import { coapQuestion } from './coap/question.ts';
import { ubiquitiQuestion } from './ubiquiti/question.ts';
import { bacnetQuestion } from './bacnet/question.ts';
import { ethernetIpDatagramQuestion } from './ethernet-ip/question.ts';
import { kerberosDatagramQuestion } from './kerberos/question.ts';
import { connectionlessLdapQuestion } from './ldap/connectionless.ts';
import { mssqlBrowserQuestion } from './mssql/question.ts';
import { netbiosNameQuestion } from './netbios/question.ts';
import { db2DiscoveryQuestion } from './drda/discovery.ts';
import { memcachedUdpQuestion } from './memcached/question.ts';
import { rpcbindUdpQuestion, nfsUdpQuestion, mountdUdpQuestion } from './sun-rpc/question.ts';
import { tftpQuestion } from './tftp/question.ts';
import { xdmcpQuestion } from './xdmcp/question.ts';
import { pcAnywhereQuestion } from './pcanywhere/question.ts';
import {
  chargenUdpQuestion,
  daytimeUdpQuestion,
  qotdUdpQuestion,
  echoUdpQuestion,
} from './small-services/question.ts';
import { ikeQuestion } from './ike/question.ts';
import { openvpnDatagramQuestion } from './openvpn/question.ts';
import { l2tpQuestion } from './l2tp/question.ts';
import { dtlsQuestion } from './dtls/question.ts';
import { mumblePingQuestion } from './mumble/question.ts';
import { rdpUdpQuestion } from './rdp-udp/question.ts';

export const UDP_QUESTIONS: readonly UdpQuestion[] = [
  kerberosDatagramQuestion,
  connectionlessLdapQuestion,
  mssqlBrowserQuestion,
  netbiosNameQuestion,
  memcachedUdpQuestion,
  db2DiscoveryQuestion,
  rpcbindUdpQuestion,
  nfsUdpQuestion,
  mountdUdpQuestion,
  tftpQuestion,
  xdmcpQuestion,
  pcAnywhereQuestion,
  chargenUdpQuestion,
  daytimeUdpQuestion,
  qotdUdpQuestion,
  echoUdpQuestion,
  snmpQuestion,
  dnsQuestion,
  ntpQuestion,
  ipmiQuestion,
  sipQuestion,
  ssdpQuestion,
  mdnsQuestion,
  wsDiscoveryQuestion,
  stunQuestion,
  slpQuestion,
  coapQuestion,
  ubiquitiQuestion,
  bacnetQuestion,
  ethernetIpDatagramQuestion,
  ikeQuestion,
  openvpnDatagramQuestion,
  l2tpQuestion,
  dtlsQuestion,
  rdpUdpQuestion,
  mumblePingQuestion,
];
