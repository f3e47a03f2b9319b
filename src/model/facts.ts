/**
 * What the answers of a service say, parsed. One optional group per protocol; a group is present only when that
 * protocol answered. Everything in here came from the network: strings are bounded by the parsers, never trusted.
 */
import { z } from 'zod';
import { HttpMethods, IndicatorCheck } from './web.ts';

export const Certificate = z.object({
  sha256: z.string(),
  /** RFC 4514-like, as OpenSSL prints it, one RDN a line joined by ", ". */
  subject: z.string(),
  issuer: z.string(),
  serial: z.string(),
  /** ISO-8601 UTC; absent when the certificate carries a date that cannot be read. */
  notBefore: z.string().optional(),
  notAfter: z.string().optional(),
  /** DNS names and addresses of subjectAltName, else the common name. */
  names: z.array(z.string()),
  keyType: z.string(),
  keyBits: z.number().optional(),
  signature: z.string().optional(),
  selfSigned: z.boolean(),
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER): the same for every certificate of one key. */
  keySha256: z.string().optional(),
});
export type Certificate = z.infer<typeof Certificate>;

/** null, anonymous, export, rc4, des (56 bits), 3des (64-bit blocks): weak · static-rsa: no forward secrecy, for information. */
export const SUITE_GROUPS = ['null', 'anonymous', 'export', 'rc4', 'des', '3des', 'static-rsa'] as const;
export type SuiteGroup = (typeof SUITE_GROUPS)[number];

export const TlsFacts = z.object({
  /** complete: a handshake finished · certificate-only: the server spoke far enough to show its certificate · refused: alert. */
  handshake: z.enum(['complete', 'certificate-only', 'refused']),
  version: z.string().optional(),
  cipher: z.string().optional(),
  alpn: z.string().optional(),
  /** Server name sent; null when none was sent. */
  sni: z.string().nullable(),
  /** Leaf first. */
  certificates: z.array(Certificate),
  /** The handshake was made inside another protocol, after its own command (STARTTLS and the like). */
  startTls: z.literal(true).optional(),
  /** Each protocol version asked for and whether the server took it. Absent versions were not asked. */
  versions: z.array(z.object({ version: z.string(), accepted: z.boolean(), cipher: z.string().optional() })),
  /** SHA-256 of the leaf shown when no server name is sent, when it differs from `certificates[0]`. */
  withoutSni: Certificate.optional(),
  /**
   * Suites of a weak group that the server chose when nothing better was offered, one for each group. complete: it refused
   * all others; else no more was asked. Absent: not asked.
   */
  weakCiphers: z
    .object({
      accepted: z.array(z.object({ group: z.enum(SUITE_GROUPS), version: z.string(), cipher: z.string() })),
      complete: z.boolean(),
    })
    .optional(),
  /** RFC 5746, up to TLS 1.2. Absent: not learnt. */
  secureRenegotiation: z.boolean().optional(),
  clientCertificateRequested: z.boolean(),
  /** The server goes on without one (false), or ends the handshake (true). Absent: not learnt, or not requested. */
  clientCertificateRequired: z.boolean().optional(),
  /** What the server chose for each of our hellos, as text: alike for servers of one make and configuration. See `tls/server-form.ts`. */
  serverForm: z.string().optional(),
  /** 62 hex digits, github.com/salesforce/jarm; only when it was asked for. */
  jarm: z.string().optional(),
  alert: z.string().optional(),
});
export type TlsFacts = z.infer<typeof TlsFacts>;

export const HttpAnswer = z.object({
  method: z.string(),
  /** "https://192.0.2.1:8443" when a redirect led to another port or scheme of this address: the answer is that service's. */
  origin: z.string().optional(),
  /** Path and query as sent. */
  path: z.string(),
  status: z.number(),
  /** As received, order and case kept. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** Decoded by charset (header, BOM, meta, detection), bounded. */
  title: z.string().optional(),
  body: z.string(),
  bodyBytes: z.number(),
  bodySha256: z.string(),
  truncated: z.boolean(),
  /** First bytes in hex (at most 32), only of a page that is no text: gzip files carry a date there. */
  firstBytes: z.string().optional(),
  location: z.string().optional(),
  /** The answer to the random control path: shows what the server says to anything, and proves nothing else. */
  control: z.boolean().optional(),
});
export type HttpAnswer = z.infer<typeof HttpAnswer>;

export const HttpFacts = z.object({
  scheme: z.enum(['http', 'https']),
  /** Host header sent. */
  host: z.string(),
  answers: z.array(HttpAnswer),
  favicon: z.object({ path: z.string(), mmh3: z.number(), sha256: z.string(), bytes: z.number() }).optional(),
  /** Targets of redirects that were recorded and not followed, and why. */
  notFollowed: z.array(z.object({ location: z.string(), reason: z.string() })),
  /** The answer to a random path looked like a page: paths prove nothing on this server. */
  catchAll: z.boolean().optional(),
  /** Absent: not asked, or the answer named none. */
  methods: HttpMethods.optional(),
  /** Absent: not switched on. */
  indicators: IndicatorCheck.optional(),
});
export type HttpFacts = z.infer<typeof HttpFacts>;

export const SshFacts = z.object({
  /** Identification line without CR LF, RFC 4253 §4.2. */
  banner: z.string(),
  protocol: z.string(),
  software: z.string(),
  comment: z.string().optional(),
  kex: z
    .object({
      keyExchange: z.array(z.string()),
      hostKey: z.array(z.string()),
      encryption: z.array(z.string()),
      mac: z.array(z.string()),
      compression: z.array(z.string()),
    })
    .optional(),
  hostKeys: z.array(z.object({ type: z.string(), sha256: z.string(), bits: z.number().optional() })),
  /**
   * Only with the opt-in `ssh-auth-methods`; absent = not asked or not learnt. ['none'] and nothing else: the server let
   * the method "none" in, that is, everybody; a server that refuses never has "none" in its list.
   */
  authMethods: z.array(z.string()).optional(),
  /** Text that the server shows before log-in (RFC 4252 §5.4); only with the same opt-in. */
  authBanner: z.string().optional(),
});
export type SshFacts = z.infer<typeof SshFacts>;

export const RdpFacts = z.object({
  /** Answer to each request sent: what was asked, what the server selected or why it refused (MS-RDPBCGR 2.2.1.2). */
  negotiations: z.array(
    z.object({
      requested: z.string(),
      selected: z.string().optional(),
      failure: z.string().optional(),
      flags: z.number().optional(),
    }),
  ),
  /** Security layers the server accepts, by selected protocol, never by a bare confirmation. */
  accepts: z.object({
    standard: z.boolean().optional(),
    tls: z.boolean().optional(),
    nla: z.boolean().optional(),
    rdstls: z.boolean().optional(),
    earlyUserAuth: z.boolean().optional(),
  }),
  /** true: refuses everything but CredSSP · false: lets a log-in screen come up without it · absent: not known. */
  nlaRequired: z.boolean().optional(),
  ntlm: z
    .object({
      computerName: z.string().optional(),
      domainName: z.string().optional(),
      dnsComputerName: z.string().optional(),
      dnsDomainName: z.string().optional(),
      dnsForestName: z.string().optional(),
      /** "10.0.20348" */
      osBuild: z.string().optional(),
      systemTime: z.string().optional(),
    })
    .optional(),
  /** The X.224 confirm carried no negotiation answer: an old server, or one without it. */
  noNegotiation: z.boolean(),
});
export type RdpFacts = z.infer<typeof RdpFacts>;

export const VncFacts = z.object({
  /** "003.008" as sent by the server. */
  rfbVersion: z.string(),
  /** Security types by IANA number, in the server's order. */
  securityTypes: z.array(z.object({ id: z.number(), name: z.string() })),
  veNCryptVersion: z.string().optional(),
  veNCryptSubTypes: z.array(z.object({ id: z.number(), name: z.string() })).optional(),
  /** Type None is offered (plain or inside TLS): the screen opens without any password. Absent: not known. */
  noPassword: z.boolean().optional(),
  /** Reason text when the server refuses (RFC 6143 §7.1.2). */
  refusal: z.string().optional(),
  /**
   * What the server says to a client of version 2.0, which RFB never had: "closed", "reason: …", or its bytes in hex.
   * Absent: not asked, or silent.
   */
  versionRefusal: z.string().optional(),
});
export type VncFacts = z.infer<typeof VncFacts>;

export const TelnetFacts = z.object({
  /** Options in the order in which they came, RFC 854. */
  options: z.array(z.object({ command: z.enum(['WILL', 'WONT', 'DO', 'DONT']), option: z.string() })),
  text: z.string(),
});
export type TelnetFacts = z.infer<typeof TelnetFacts>;

/** FTP, SMTP, POP3, IMAP, MySQL and every other service that speaks first. */
export const GreetingFacts = z.object({
  /** "ftp", "smtp" …, "unknown-text"; "answer": bytes of any kind, one character a byte, for patterns and not for people. */
  protocol: z.string(),
  text: z.string(),
  /** Lines of the answer to EHLO, CAPA, CAPABILITY or FEAT. */
  capabilities: z.array(z.string()).optional(),
  /** STARTTLS, STLS or AUTH TLS is offered. Absent: not asked. */
  startTls: z.boolean().optional(),
  /** Version that the protocol itself carries in a field of its own (MySQL handshake). */
  version: z.string().optional(),
});
export type GreetingFacts = z.infer<typeof GreetingFacts>;

/** An answer to a UDP request that no parser of its own knows. */
export const DatagramFacts = z.object({
  /** Latin-1: one character a byte, in the order received, at most 2 KiB. */
  text: z.string(),
});
export type DatagramFacts = z.infer<typeof DatagramFacts>;

/**
 * What the answer of a protocol shows to be weak by itself: message ids of the report.
 *
 * - smb1: the file-sharing dialect of 1996 is accepted
 * - signing-not-required: messages may be forged on the way (SMB, LDAP)
 * - exported-to-everyone: the list of shares names no client restriction (NFS, rsync)
 * - aggressive-mode: IKEv1 aggressive mode is answered: the hash of a pre-shared key can be collected
 * - weak-proposal: DES, 3DES, MD5 or a group of 1024 bits or less is accepted
 * - open-recursion: the name server offers recursion to us
 * - anonymous-user: a user without a name, or without a password, is offered (IPMI)
 * - no-authentication-type: "none" is among the ways to log in (IPMI, SOCKS, RTSP …)
 * - runs-commands: who reaches this port can make the device run commands (debuggers, rsh, cluster interfaces)
 * - amplifier: a small request gets a large answer; misused against third parties
 * - clear-text: the protocol has no encryption of its own and none was offered
 * - data-shown: data came back without any log-in
 * - cleartext-password-offered: a way to log in is offered that sends the password as it is
 */
export const CONCERNS = [
  'smb1',
  'signing-not-required',
  'exported-to-everyone',
  'aggressive-mode',
  'weak-proposal',
  'open-recursion',
  'anonymous-user',
  'no-authentication-type',
  'runs-commands',
  'amplifier',
  'clear-text',
  'data-shown',
  'cleartext-password-offered',
] as const;
export type Concern = (typeof CONCERNS)[number];

/** What a protocol that has no group of its own says about itself. */
export const ProtocolFacts = z.object({
  /** "smb", "ldap", "ike", "mssql" …: lower case, digits, hyphens. */
  name: z.string(),
  /**
   * Who may go on, as the answer itself shows. open: served a stranger · password · strong: certificate, key or second
   * factor demanded · turned-away: our address may not come in · unknown: the answer does not tell.
   */
  access: z.enum(['open', 'password', 'strong', 'turned-away', 'unknown']),
  /** The product as the answer names it, in its own words. */
  product: z.string().optional(),
  version: z.string().optional(),
  /** Everything else worth knowing, in the protocol's terms: ["dialect", "3.1.1"]. A name may come more than once. */
  fields: z.array(z.tuple([z.string(), z.string()])),
  concerns: z.array(z.enum(CONCERNS)),
});
export type ProtocolFacts = z.infer<typeof ProtocolFacts>;

/** What a passive source said about the service, beyond what the groups above can hold. */
export const PassiveFacts = z.object({
  product: z.string().optional(),
  version: z.string().optional(),
  cpe: z.array(z.string()),
  /** CVE ids; unverified hints of the source. A name tested and not affected is left out. */
  vulns: z.array(z.object({ cve: z.string(), verified: z.boolean() })),
  tags: z.array(z.string()),
  hostnames: z.array(z.string()),
  module: z.string().optional(),
});
export type PassiveFacts = z.infer<typeof PassiveFacts>;

export const Facts = z.object({
  tls: TlsFacts.optional(),
  http: HttpFacts.optional(),
  ssh: SshFacts.optional(),
  rdp: RdpFacts.optional(),
  vnc: VncFacts.optional(),
  telnet: TelnetFacts.optional(),
  greeting: GreetingFacts.optional(),
  datagram: DatagramFacts.optional(),
  /** One for each protocol that answered at this place. */
  protocols: z.array(ProtocolFacts).optional(),
  /** The answer came a byte or two at a time, over seconds, and was not waited for to its end. */
  dripped: z.literal(true).optional(),
  passive: PassiveFacts.optional(),
});
export type Facts = z.infer<typeof Facts>;
