/** Reads what nmap says (its XML form) in the terms of the truth. */
import type { Seen } from './judge.ts';

/** nmap's service names → sekisho's protocols, where they differ. nmap 7.93, nmap-services and nmap-service-probes. */
const PROTOCOL_OF: Readonly<Record<string, string>> = {
  'ms-wbt-server': 'rdp',
  domain: 'dns',
  isakmp: 'ike',
  'nat-t-ike': 'ike',
  'ipsec-nat-t': 'ike',
  'microsoft-ds': 'smb',
  'netbios-ssn': 'smb',
  'netbios-ns': 'netbios',
  ajp13: 'ajp',
  login: 'r-command',
  shell: 'r-command',
  'asf-rmcp': 'ipmi',
  zeroconf: 'mdns',
  upnp: 'ssdp',
  svnserve: 'svn',
  postgres: 'postgresql',
  'kerberos-sec': 'kerberos',
  kpasswd: 'kerberos',
  memcache: 'memcached',
  distccd: 'distcc',
  'xmpp-client': 'xmpp',
  'xmpp-server': 'xmpp',
  socks5: 'socks',
  X11: 'x11',
  L2TP: 'l2tp',
  'http-proxy': 'http',
  ipp: 'http',
  'ssl/https': 'https',
  rmiregistry: 'java-rmi',
  wsdd: 'ws-discovery',
  rtsp: 'rtsp',
  docker: 'http',
};

/** Places that nmap lists as open, with what it told by a probe; the names of its port table alone are no finding. */
export function readNmap(xml: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  for (const [, host = ''] of xml.matchAll(/<host\b([\s\S]*?)<\/host>/g)) {
    const address = /<address addr="([^"]+)" addrtype="ipv4"/.exec(host)?.[1];
    for (const [, transport, port, text = ''] of host.matchAll(
      /<port protocol="(tcp|udp)" portid="(\d+)">([\s\S]*?)<\/port>/g,
    )) {
      if (/<state state="open"/.test(text)) seen.set(`${address}:${port}/${transport}`, portSeen(text));
    }
  }
  return seen;
}

function portSeen(text: string): Seen {
  const service = /<service\b([^>]*)>/.exec(text)?.[1] ?? '';
  const attribute = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(service)?.[1] ?? '';
  const name = attribute('method') === 'probed' ? attribute('name') : '';
  const isTls = attribute('tunnel') === 'ssl';
  const plain = PROTOCOL_OF[name] ?? name;
  const told = [attribute('product'), attribute('extrainfo'), text.replace(/<service\b[^>]*>/, '')];
  return {
    protocol: plain === 'http' && isTls ? 'https' : plain,
    product: told.join(' '),
    version: attribute('version') === '' ? undefined : attribute('version'),
    // Security is in the words of its scripts: not compared here.
    has: () => true,
  };
}

/** Whether nmap's words name a product: any telling word of its id. The scripts' output counts too, generously. */
export function namesProduct(said: string, id: string): boolean {
  const words = id.split('-').filter((word) => word.length > 2 && !GENERAL.has(word));
  const text = said.toLowerCase();
  return (words.length > 0 ? words : [id]).some((word) => text.includes(SPELT[word] ?? word));
}

const GENERAL = new Set([
  'server',
  'vpn',
  'api',
  'web',
  'stats',
  'apache',
  'microsoft',
  'ipsec',
  'httpd',
  'isc',
]);
const SPELT: Readonly<Record<string, string>> = { postgresql: 'postgres', inetutils: 'telnetd' };
