import type { Observation } from '../model/observation.ts';
import type { ServiceClass } from '../model/service-class.ts';

/** Class that the protocol alone proves. A port number proves nothing and is not asked. */
const CLASS_OF: Readonly<Record<string, ServiceClass>> = {
  rdp: 'rdp',
  vnc: 'vnc',
  ssh: 'ssh',
  telnet: 'telnet',
  ftp: 'file-transfer',
  tftp: 'file-transfer',
  rsync: 'file-transfer',
  nfs: 'file-transfer',
  afp: 'file-transfer',
  smtp: 'mail-transfer',
  pop3: 'mail-groupware',
  imap: 'mail-groupware',
  mysql: 'database',
  mariadb: 'database',
  mssql: 'database',
  postgresql: 'database',
  oracle: 'database',
  redis: 'database',
  mongodb: 'database',
  memcached: 'database',
  elasticsearch: 'database',
  cassandra: 'database',
  smb: 'smb',
  netbios: 'smb',
  ldap: 'directory',
  kerberos: 'directory',
  msrpc: 'directory',
  ike: 'ipsec-vpn',
  isakmp: 'ipsec-vpn',
  l2tp: 'ipsec-vpn',
  pptp: 'ipsec-vpn',
  openvpn: 'ssl-vpn',
  snmp: 'appliance-admin',
  ipmi: 'appliance-admin',
  winbox: 'appliance-admin',
  rtsp: 'iot',
  adb: 'iot',
  http: 'web',
  https: 'web',
};

/** "imaps" and "imap" are one protocol, with and without TLS around it. */
export function protocolFamily(protocol: string): string {
  const lower = protocol.toLowerCase();
  if (CLASS_OF[lower] !== undefined && lower !== 'https') return lower;
  const plain = lower.endsWith('s') ? lower.slice(0, -1) : lower;
  return CLASS_OF[plain] === undefined ? lower : plain;
}

export function classOfProtocol(protocol: string): ServiceClass {
  return CLASS_OF[protocolFamily(protocol)] ?? 'unknown';
}

/**
 * The protocol of a place by its answers, given oldest first: the newest that says something; TLS counts only when
 * nobody saw what is spoken inside. "unknown" when no answer says anything.
 */
export function protocolOf(observations: readonly Observation[]): string {
  const known = observations
    .filter(
      ({ status, protocol }) => (status === 'open' || status === 'protocol-error') && protocol !== 'unknown',
    )
    .map(({ protocol }) => protocol)
    .reverse();
  return known.find((protocol) => protocol !== 'tls' && protocol !== 'ssl') ?? known[0] ?? 'unknown';
}
