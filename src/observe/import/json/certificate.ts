import type { Certificate, TlsFacts } from '../../../model/facts.ts';
import { certificateFacts } from '../../probe/tcp/tls/certificate.ts';

/** A certificate as a tool describes it, for tools that do not keep the bytes. */
export interface ToldCertificate {
  readonly sha256?: string | undefined;
  readonly subject?: string | undefined;
  readonly issuer?: string | undefined;
  /** Hex, with or without colons. */
  readonly serial?: string | undefined;
  readonly notBefore?: string | undefined;
  readonly notAfter?: string | undefined;
  readonly names?: readonly string[] | undefined;
  readonly keyType?: string | undefined;
  readonly keyBits?: number | undefined;
  readonly signature?: string | undefined;
  readonly selfSigned?: boolean | undefined;
}

export function certificateOf(told: ToldCertificate): Certificate {
  const { subject = '', issuer = '', notBefore, notAfter, keyBits, signature } = told;
  return {
    sha256: told.sha256?.toLowerCase().replaceAll(':', '') ?? '',
    subject,
    issuer,
    serial: /^[0-9a-f:]{1,200}$/i.test(told.serial ?? '')
      ? (told.serial ?? '').replaceAll(':', '').toUpperCase()
      : '',
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    names: [...(told.names ?? [])],
    keyType: told.keyType?.toLowerCase() ?? 'unknown',
    ...(keyBits === undefined ? {} : { keyBits }),
    ...(signature === undefined ? {} : { signature }),
    selfSigned: told.selfSigned ?? (subject !== '' && subject === issuer),
  };
}

/** From PEM, or from the bare base64 of the DER bytes. */
export function certificateOfBase64(text: string | undefined): Certificate | undefined {
  if (text === undefined || text.length > 100_000) return undefined;
  const base64 = text.replace(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]{100,}={0,2}$/.test(base64)
    ? certificateFacts(Buffer.from(base64, 'base64'))
    : undefined;
}

/** A date of a certificate; those lie in the future as often as not. */
export function certificateDate(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text))
    return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** "tls12", "TLSv1_2", "TLS 1.2" and "TLSv1.2" are one. */
export function tlsVersion(text: string | undefined): string | undefined {
  const [, kind, digits] = /^(tls|ssl)[ v_]*(\d(?:[._]?\d)?)$/i.exec(text ?? '') ?? [];
  if (kind === undefined || digits === undefined) return undefined;
  const [major = '', minor = '0'] = digits.replace(/[._]/, '');
  return kind.toLowerCase() === 'ssl' ? `SSLv${major}` : `TLSv${major}.${minor}`;
}

export interface ToldTls {
  readonly version?: string | undefined;
  readonly cipher?: string | undefined;
  readonly sni?: string | undefined;
  readonly certificates: readonly Certificate[];
  readonly jarm?: string | undefined;
  /** Versions that the server was seen to take. */
  readonly accepted?: readonly string[];
  /** The server asked for a certificate of the client. */
  readonly asksForCertificate?: boolean;
}

export function tlsFacts({
  version,
  cipher,
  sni,
  certificates,
  jarm,
  accepted = [],
  asksForCertificate = false,
}: ToldTls): TlsFacts {
  return {
    handshake: cipher === undefined && version === undefined ? 'certificate-only' : 'complete',
    ...(version === undefined ? {} : { version }),
    ...(cipher === undefined ? {} : { cipher }),
    sni: sni ?? null,
    certificates: [...certificates],
    versions: accepted.map((one) => ({ version: one, accepted: true })),
    clientCertificateRequested: asksForCertificate,
    ...(jarm !== undefined && /^[0-9a-f]{62}$/.test(jarm) ? { jarm } : {}),
  };
}
