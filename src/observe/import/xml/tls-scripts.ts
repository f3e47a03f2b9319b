import type { Certificate, TlsFacts } from '../../../model/facts.ts';
import { certificateFacts } from '../../probe/tcp/tls/certificate.ts';
import type { Script } from './nmap-script.ts';

/** What nothing but a certificate or a list of suites shows of TLS. */
export function bareTls(certificates: Certificate[], versions: TlsFacts['versions']): TlsFacts {
  return {
    handshake: 'certificate-only',
    sni: null,
    certificates,
    versions,
    clientCertificateRequested: false,
  };
}

/** `ssl-cert`: the certificate itself where the output carries it (since nmap 6), else what it says of it. */
export function certificateOfScript(script: Script): Certificate | undefined {
  const pem = script.value('pem') ?? script.output;
  const base64 = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,100000})-----END/.exec(pem)?.[1];
  const read = base64 === undefined ? undefined : certificateFacts(Buffer.from(base64, 'base64'));
  return read ?? certificateOfTables(script);
}

function certificateOfTables(script: Script): Certificate | undefined {
  const [subject, issuer] = [script.table('subject'), script.table('issuer')];
  if (subject === undefined) return undefined;
  const key = script.table('pubkey');
  const bits = Number(key?.value('bits'));
  const notBefore = dateOf(script.table('validity')?.value('notBefore'));
  const notAfter = dateOf(script.table('validity')?.value('notAfter'));
  const signature = script.value('sig_algo');
  const [subjectName, issuerName] = [
    distinguishedName(subject),
    issuer === undefined ? '' : distinguishedName(issuer),
  ];
  return {
    sha256: sha256Of(script.value('sha256')),
    subject: subjectName,
    issuer: issuerName,
    serial: '',
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    names: namesOf(script, subject),
    keyType: key?.value('type') ?? 'unknown',
    ...(Number.isInteger(bits) && bits > 0 ? { keyBits: bits } : {}),
    ...(signature === undefined ? {} : { signature }),
    selfSigned: subjectName !== '' && subjectName === issuerName,
  };
}

function sha256Of(text: string | undefined): string {
  return text !== undefined && /^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : '';
}

/** nmap's long names and those of OpenSSL. */
const NAMES = [
  ['commonName', 'CN'],
  ['organizationalUnitName', 'OU'],
  ['organizationName', 'O'],
  ['localityName', 'L'],
  ['stateOrProvinceName', 'ST'],
  ['countryName', 'C'],
] as const;

function distinguishedName(table: Script): string {
  return NAMES.flatMap(([long, short]) => {
    const value = table.value(long);
    return value === undefined || value === '' ? [] : [`${short}=${value.slice(0, 1000)}`];
  })
    .toReversed()
    .join(', ');
}

function namesOf(script: Script, subject: Script): string[] {
  const extensions = script.table('extensions')?.tables() ?? [];
  const [, alternative] =
    extensions.find(([, one]) => one.value('name') === 'X509v3 Subject Alternative Name') ?? [];
  const text = alternative?.value('value') ?? '';
  const names = [...text.matchAll(/(?:DNS|IP Address):([^,\s]{1,255})/g)].map((match) => match[1] ?? '');
  const common = subject.value('commonName');
  if (names.length > 0) return names.slice(0, 100);
  return common === undefined || common === '' ? [] : [common.slice(0, 255)];
}

/** "2011-03-23T00:00:00", in UTC; newer versions write an offset. */
function dateOf(text: string | undefined): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:Z|\+00:00)?$/.exec(text ?? '');
  const ms = Date.parse(`${match?.[1] ?? ''}Z`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** nmap's names and ours (`probe/tcp/tls/versions.ts`). */
const VERSIONS: ReadonlyMap<string, string> = new Map([
  ['SSLv2', 'SSLv2'],
  ['SSLv3', 'SSLv3'],
  ['TLSv1.0', 'TLSv1'],
  ['TLSv1.1', 'TLSv1.1'],
  ['TLSv1.2', 'TLSv1.2'],
  ['TLSv1.3', 'TLSv1.3'],
]);

/** `ssl-enum-ciphers`: a table for each version that the server takes; those it refuses are not listed, so not claimed. */
export function versionsOfScript(script: Script): TlsFacts['versions'] {
  return script.tables().flatMap(([name, table]) => {
    const version = VERSIONS.get(name);
    if (version === undefined) return [];
    const first = table.table('ciphers')?.tables()[0]?.[1].value('name')?.slice(0, 100);
    return [{ version, accepted: true, ...(first === undefined ? {} : { cipher: first }) }];
  });
}
