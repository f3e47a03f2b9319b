/** nmap's service names and our protocols, where they differ. nmap 7.93, nmap-services and nmap-service-probes. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['ms-wbt-server', 'rdp'],
  ['domain', 'dns'],
  ['isakmp', 'ike'],
  ['nat-t-ike', 'ike'],
  ['ipsec-nat-t', 'ike'],
  ['microsoft-ds', 'smb'],
  ['netbios-ssn', 'smb'],
  ['netbios-ns', 'netbios'],
  ['ajp13', 'ajp'],
  ['login', 'r-command'],
  ['shell', 'r-command'],
  ['asf-rmcp', 'ipmi'],
  ['zeroconf', 'mdns'],
  ['upnp', 'ssdp'],
  ['svnserve', 'svn'],
  ['postgres', 'postgresql'],
  ['kerberos-sec', 'kerberos'],
  ['kpasswd', 'kerberos'],
  ['memcache', 'memcached'],
  ['distccd', 'distcc'],
  ['xmpp-client', 'xmpp'],
  ['xmpp-server', 'xmpp'],
  ['socks5', 'socks'],
  ['socks4', 'socks'],
  ['X11', 'x11'],
  ['L2TP', 'l2tp'],
  ['http-proxy', 'http'],
  ['http-alt', 'http'],
  ['https-alt', 'https'],
  ['ipp', 'http'],
  ['docker', 'http'],
  ['rmiregistry', 'java-rmi'],
  ['wsdd', 'ws-discovery'],
  ['ms-sql-s', 'mssql'],
  ['oracle-tns', 'oracle-tns'],
  ['ssl', 'tls'],
  ['pop', 'pop3'],
  ['tcpwrapped', 'unknown'],
]);

/** Our name for the protocol that nmap or masscan recognised. @param isTls it was spoken inside TLS */
export function protocolOfService(name: string | undefined, isTls: boolean): string {
  const known = PROTOCOLS.get(name ?? '') ?? (/^[a-z][a-z0-9-]{0,30}$/.test(name ?? '') ? name : undefined);
  if (known === undefined || known === 'unknown') return isTls ? 'tls' : 'unknown';
  return known === 'http' && isTls ? 'https' : known;
}
