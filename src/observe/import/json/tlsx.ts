import type { TlsFacts } from '../../../model/facts.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { certificateDate, certificateOf, certificateOfBase64, tlsFacts, tlsVersion } from './certificate.ts';
import { fieldOf, listOf, portOf, textOf, textsOf } from './fields.ts';
import { addressIn, hostNames, observationOf, passiveOf } from './observe.ts';

/** tlsx -json: what one TLS handshake showed. */
export const tlsx = jsonFormat({
  type: 'tlsx',
  recognises: (value) =>
    fieldOf(value, 'url', 'template-id', 'services') === undefined &&
    portOf(value, 'port') !== undefined &&
    (fieldOf(value, 'probe_status', 'probe-status') !== undefined ||
      (textOf(value, ['tls_version', 'tls-version', 'tls_connection', 'tls-connection']) !== undefined &&
        textOf(value, ['host', 'ip']) !== undefined)),
  read: ({ value, text }, context, give): Verdict => {
    const host = textOf(value, 'host');
    const address = addressIn(textOf(value, 'ip'), host);
    const port = portOf(value, 'port');
    if (address !== undefined && !context.accepts(address)) return 'out-of-scope';
    if (fieldOf(value, 'probe_status', 'probe-status') === false) return 'ignored';
    if (address === undefined) return { fault: 'this tlsx record has no usable address (ip)' };
    if (port === undefined) return { fault: 'this tlsx record has no usable port' };
    give(
      observationOf(
        {
          source: 'tlsx',
          address,
          port,
          transport: 'tcp',
          probe: 'tls',
          protocol: 'tls',
          facts: { tls: tlsOf(value), passive: passiveOf({ hostnames: hostNames(host) }) },
          time: fieldOf(value, 'timestamp'),
          evidence: text,
        },
        context,
      ),
    );
    return 'record';
  },
});

/** What tlsx says of a handshake, also inside a record of httpx. */
export function tlsOf(value: unknown): TlsFacts {
  const leaf = certificateOfBase64(textOf(value, 'certificate', 100_000)) ?? certificateOf(toldLeaf(value));
  const chain = listOf(value, 'chain')
    .slice(0, 8)
    .map((one) => certificateOfBase64(textOf(one, 'certificate', 100_000)))
    .filter((one) => one !== undefined);
  const isEmpty = leaf.sha256 === '' && leaf.subject === '' && leaf.names.length === 0;
  return tlsFacts({
    version: tlsVersion(textOf(value, ['tls_version', 'tls-version'])),
    cipher: textOf(value, 'cipher', 100),
    sni: textOf(value, 'sni', 255),
    certificates: isEmpty ? [] : [leaf, ...chain.filter(({ sha256 }) => sha256 !== leaf.sha256)],
    jarm: textOf(value, ['jarm_hash', 'jarm-hash'], 62),
    accepted: textsOf(value, 'version_enum', 'version-enum').flatMap((version) => tlsVersion(version) ?? []),
    asksForCertificate: fieldOf(value, 'client_cert_required', 'client-cert-required') === true,
  });
}

function toldLeaf(value: unknown): Parameters<typeof certificateOf>[0] {
  const commonName = textOf(value, ['subject_cn', 'subject-cn'], 255);
  const names = textsOf(value, 'subject_an', 'subject-an');
  const isSelfSigned = fieldOf(value, 'self_signed', 'self-signed') === true;
  return {
    sha256: textOf(fieldOf(value, 'fingerprint_hash', 'fingerprint-hash'), 'sha256', 100),
    subject:
      textOf(value, ['subject_dn', 'subject-dn']) ??
      (commonName === undefined ? undefined : `CN=${commonName}`),
    issuer: textOf(value, ['issuer_dn', 'issuer-dn']),
    serial: textOf(value, 'serial', 200),
    notBefore: certificateDate(textOf(value, ['not_before', 'not-before'])),
    notAfter: certificateDate(textOf(value, ['not_after', 'not-after'])),
    names: names.length > 0 || commonName === undefined ? names : [commonName],
    // tlsx leaves out what is false.
    ...(isSelfSigned ? { selfSigned: true } : {}),
  };
}
