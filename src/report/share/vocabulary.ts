/** Words that may be read in shared evidence: what protocols and published products say everywhere. Every other word is masked. */
import type { Product } from '../../model/product.ts';

/** Of the heads of messages and of greetings. No word that is part of host names (mail, www …) is here. */
const PROTOCOL_WORDS = new Set(
  `http https get head options post put delete trace connect propfind move copy ok found moved permanently temporarily bad request
  unauthorized forbidden required internal error not implemented method allowed service unavailable see other accepted content
  accept encoding language charset type length transfer chunked connection keep alive close upgrade upgrade insecure requests
  server powered by www authenticate basic digest ntlm negotiate bearer realm cache control no store must revalidate max age private
  public pragma vary range ranges bytes none expires date last modified etag location set cookie path secure httponly samesite
  strict lax frame options deny sameorigin nosniff xss protection mode block transport security includesubdomains preload referrer
  policy host user agent allow dav ms author via aspnet version aspnetmvc owa feserver sharepoint text html plain css javascript
  json xml application octet stream image icon png gif jpeg utf gzip deflate identity compress br iso shift jis euc jp
  compatible mozilla curl
  ssh openssh dropbear debian ubuntu freebsd raspbian centos redhat fedora suse windows linux unix gnu win32 win64 x86 amd64
  esmtp smtp starttls size pipelining dsn smtputf8 chunking help ehlo helo ready postfix sendmail exim exchange qmail dovecot courier
  cyrus imap4rev1 pop3 capability login logindisabled literal sasl plain auth tls user pass ftp ftpd proftpd vsftpd filezilla pureftpd
  anonymous welcome rfb telnet busybox mysql mariadb nginx apache iis microsoft httpapi openresty lighttpd caddy tomcat jetty coyote
  x openssl mod php perl python asp net express node haproxy varnish squid ok err`.split(/\s+/),
);
/** Of them, what a number behind it is the version of. A number behind any other word may be a telephone, a date, an address. */
const SOFTWARE_WORDS = new Set(
  `http https ssh openssh dropbear debian ubuntu freebsd raspbian centos redhat fedora suse windows linux unix esmtp smtp postfix
  sendmail exim exchange qmail dovecot courier cyrus ftpd proftpd vsftpd filezilla pureftpd rfb busybox mysql mariadb nginx apache iis
  httpapi openresty lighttpd caddy tomcat jetty coyote openssl php perl python asp aspnet express haproxy varnish squid mozilla curl
  tls version`.split(/\s+/),
);
/** Headers whose value says what the software is, or what it can do. Values of all others are masked. */
export const TELLING_HEADERS = new Set(
  `server x-powered-by x-aspnet-version x-aspnetmvc-version x-owa-version microsoftsharepointteamservices content-type www-authenticate
  allow public dav ms-author-via connection transfer-encoding accept-ranges pragma cache-control x-frame-options
  x-content-type-options x-xss-protection upgrade user-agent accept accept-encoding`.split(/\s+/),
);

/** What a service may be said to speak. An imported file may call it by any name. */
const PROTOCOLS = new Set(
  `http https tls ssl ssh rdp vnc telnet ftp ftps smtp smtps pop3 pop3s imap imaps mysql postgresql mssql oracle-tns redis mongodb
  memcached elasticsearch cassandra ldap ldaps kerberos smb netbios msrpc sun-rpc nfs rsync afp ike l2tp pptp openvpn softether sstp
  anyconnect dtls ipmi snmp ntp dns mdns ssdp ws-discovery sip rtsp mqtt amqp coap modbus bacnet ethernet-ip adb ajp java-rmi jdwp x11
  xdmcp winrm rd-gateway zookeeper kafka docker kubernetes socks socks5 http-proxy tftp stun stratum smart-install ubiquiti mikrotik-api
  teamviewer radmin dameware pcanywhere splashtop rustdesk landesk-rc zabbix-agent checkmk-agent nrpe irc xmpp finger ident slp lpd
  unknown unknown-text answer banner datagram shodan internetdb nmap censys`.split(/\s+/),
);

/** The protocol's name, or "other". */
export function commonProtocol(name: string): string {
  return PROTOCOLS.has(name) ? name : 'other';
}

export interface Vocabulary {
  /** Names of software: what stands behind them is a version. */
  readonly software: (word: string) => boolean;
  /** In heads, greetings and banners. */
  readonly head: (word: string) => boolean;
  /** In pages. */
  readonly product: (word: string) => boolean;
}

const SHORTEST = 3;

/** @param products published ones, of the service that the evidence is about */
export function vocabularyOf(products: readonly Product[]): Vocabulary {
  const own = new Set(products.flatMap(productWords));
  const names = new Set(products.flatMap(({ id, name, vendor }) => plainWords(`${id} ${name} ${vendor}`)));
  return {
    software: (word) => SOFTWARE_WORDS.has(word) || (names.has(word) && !PROTOCOL_WORDS.has(word)),
    head: (word) => PROTOCOL_WORDS.has(word) || own.has(word),
    product: (word) => own.has(word),
  };
}

/** Names by which products are known to everybody, lower case; a title that says no more names nobody. */
export function famousWords(products: Iterable<Product>): (word: string) => boolean {
  const famous = new Set<string>();
  for (const { name, vendor } of products)
    for (const word of plainWords(`${name} ${vendor}`)) famous.add(word);
  return (word) => famous.has(word) || PROTOCOL_WORDS.has(word);
}

/**
 * Words that stand in a bundle because everybody says them, lower case: of protocols, of product names, and of what the answers of these
 * products may keep.
 */
export function publicWords(
  published: Iterable<Product>,
  shown: readonly Product[],
): (word: string) => boolean {
  const famous = famousWords(published);
  const { product } = vocabularyOf(shown);
  return (word) => famous(word) || product(word) || PROTOCOLS.has(word);
}

/** Pages are made of these, and where they stand tells how long the page is. */
const MARKUP = new Set(
  `html head title body meta link script style div span form input button label table img href src alt class name value type text
  css javascript http https content charset utf not found top location window document function var return the and for with from
  page index true false null none public`.split(/\s+/),
);

/** Of its names and of the literal parts of what it is recognised by. Examples are answers of real devices: they may name somebody. */
function productWords({ id, name, vendor, facts, requests }: Product): string[] {
  const patterns = facts.flatMap(({ note: _note, id: _id, ...conditions }) => literals(conditions));
  const text = [id, name, vendor, ...patterns, ...requests.map(({ path }) => path)].join(' ');
  return plainWords(text.replaceAll(/\\[A-Za-z]/g, ' ')).filter((word) => !MARKUP.has(word));
}

/** Every text in a condition, and the names of headers, which are keys. */
function literals(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    ...(key === 'header' && typeof inner === 'object' && inner !== null ? Object.keys(inner) : []),
    ...literals(inner),
  ]);
}

function plainWords(text: string): string[] {
  return [...text.toLowerCase().matchAll(/[a-z0-9]+/g)]
    .map(([word]) => word)
    .filter((word) => word.length >= SHORTEST && /[a-z]/.test(word));
}
