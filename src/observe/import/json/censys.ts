import { parseAddress } from '../../../lib/address.ts';
import type { Certificate, Facts, HttpFacts, PassiveFacts, TlsFacts } from '../../../model/facts.ts';
import { factsOfBanner } from '../../recorded/banner.ts';
import type { ImportContext } from '../format.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type Verdict } from '../json-format.ts';
import { certificateDate, certificateOf, tlsFacts, tlsVersion } from './certificate.ts';
import { fieldOf, integerOf, isObject, listOf, objectOf, portOf, textOf, textsOf } from './fields.ts';
import { hostNames, observationOf, passiveOf, type Found } from './observe.ts';
import { headerPairs, webFacts, type ToldAnswer } from './web.ts';

/**
 * Hosts as Censys tells of them: Search 2.0 (`services[].service_name`, `observed_at`) and the Platform
 * (`services[].protocol`, `scan_time`), alone, within the API's answer, or as hits of a search. One record a service.
 */
export const censys = jsonFormat({
  type: 'censys',
  recognises: (value) => hostsOf(value).length > 0,
  read: ({ value }, context, give): readonly Verdict[] => {
    const hosts = hostsOf(value);
    if (hosts.length === 0) {
      // A search that found nothing, or a hit that is no host: a web property, a certificate.
      const isOther = ['result', 'web', 'webproperty_v1', 'cert', 'certificate_v1'].some(
        (name) => name in value,
      );
      return [isOther ? 'ignored' : { fault: 'this is no Censys host: it has no address with services' }];
    }
    return hosts.flatMap((host) => readHost(host, context, give));
  },
});

/** Where the host may be: the value itself, or the envelopes around it. */
function hostsOf(value: unknown, depth = 0): JsonObject[] {
  if (!isObject(value) || depth > 5) return [];
  if (
    textOf(value, 'ip') !== undefined &&
    (Array.isArray(fieldOf(value, 'services')) || 'service_count' in value)
  )
    return [value];
  const inside = ['host', 'host_v1', 'resource', 'result'].map((name) => fieldOf(value, name));
  const found = [...inside, ...listOf(value, 'hits'), ...byAddress(value)].flatMap((one) =>
    Array.isArray(one)
      ? one.slice(0, 1000).flatMap((each) => hostsOf(each, depth + 1))
      : hostsOf(one, depth + 1),
  );
  return found;
}

/** What the client's `bulk_view` gives: {"192.0.2.1": {…}, "192.0.2.2": {…}}. */
function byAddress(value: JsonObject): readonly unknown[] {
  return Object.entries(value)
    .slice(0, 1000)
    .flatMap(([name, host]) => (parseAddress(name) === undefined ? [] : [host]));
}

function readHost(
  host: JsonObject,
  context: ImportContext,
  give: (one: ReturnType<typeof observationOf>) => void,
): Verdict[] {
  const address = parseAddress(textOf(host, 'ip') ?? '');
  const services = listOf(host, 'services', 'matched_services');
  const times = Math.max(1, services.length);
  if (address === undefined) return [{ fault: 'this Censys host has no usable address (ip)' }];
  if (!context.accepts(address)) return Array.from({ length: times }, (): Verdict => 'out-of-scope');
  if (services.length === 0) return ['ignored'];
  const names = [
    ...textsOf(host, 'name'),
    ...textsOf(objectOf(host, 'dns'), 'names'),
    ...textsOf(objectOf(objectOf(host, 'dns'), 'reverse_dns'), 'names'),
  ];
  const hostTime = textOf(host, ['last_updated_at', 'last_updated']);
  return services.map((service): Verdict => {
    const port = portOf(service, 'port');
    if (port === undefined) return { fault: 'this Censys service has no usable port' };
    const own = textOf(service, ['observed_at', 'scan_time']);
    const told = textOf(service, ['transport_protocol', 'transport'])?.toLowerCase();
    const transport = told === 'quic' ? 'udp' : told;
    const found: Found = {
      source: 'censys',
      vantage: 'censys',
      address,
      port,
      transport: transport === 'tcp' || transport === 'udp' ? transport : 'unknown',
      probe: 'banner',
      ...protocolOf(service),
      facts: factsOf(service, address.text, port, hostNames(...names)),
      time: own ?? hostTime,
      evidence: JSON.stringify(service),
      ...(own === undefined && hostTime !== undefined
        ? { note: 'Censys gives no date for this service here; it has that of the host' }
        : {}),
    };
    give(observationOf(found, context));
    return 'record';
  });
}

/** Upper case in both forms; "HTTP" with TLS is told by the facts. */
function protocolOf(service: unknown): { readonly protocol?: string } {
  const name = textOf(service, ['service_name', 'protocol'], 60)?.toLowerCase();
  return name === undefined || name === 'http' || name === 'unknown' ? {} : { protocol: name };
}

function factsOf(service: unknown, address: string, port: number, hostnames: readonly string[]): Facts {
  const tls = tlsOf(service);
  const http = httpOf(service, address, tls !== undefined);
  const banner = textOf(service, 'banner', 16 * 1024);
  const udp = /^(?:udp|quic)$/i.test(textOf(service, ['transport_protocol', 'transport']) ?? '');
  const spoken =
    http !== undefined || banner === undefined || udp ? {} : factsOfBanner(Buffer.from(banner, 'utf8'), port);
  return {
    ...(tls === undefined ? {} : { tls }),
    ...spoken,
    ...(http === undefined ? {} : { http }),
    passive: passiveFacts(service, hostnames),
  };
}

function passiveFacts(service: unknown, hostnames: readonly string[]): PassiveFacts {
  const software = listOf(service, 'software');
  const first = software.find((one) => textOf(one, 'product') !== undefined && textOf(one, 'part') !== 'o');
  const product = textOf(first, 'product', 300);
  const version = textOf(first, 'version', 300);
  const module = textOf(service, ['extended_service_name', 'service_name', 'protocol'], 300);
  const vulns = listOf(service, 'vulns', 'cves').flatMap((one) => {
    const cve = textOf(one, ['id', 'cve_id'], 30)?.toUpperCase();
    return cve !== undefined && /^CVE-\d{4}-\d{4,10}$/.test(cve) ? [{ cve, verified: false }] : [];
  });
  return passiveOf({
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    cpe: [
      ...new Set(software.flatMap((one) => textOf(one, ['uniform_resource_identifier', 'cpe'], 300) ?? [])),
    ],
    vulns,
    tags: listOf(service, 'labels').flatMap((one) =>
      typeof one === 'string' ? one.slice(0, 300) : (textOf(one, 'value', 300) ?? []),
    ),
    hostnames: [...hostnames],
    ...(module === undefined ? {} : { module }),
  });
}

function httpOf(service: unknown, address: string, isSecure: boolean): HttpFacts | undefined {
  const old = objectOf(objectOf(service, 'http'), 'response');
  const request = objectOf(objectOf(service, 'http'), 'request');
  const endpoints = listOf(service, 'endpoints').slice(0, 20);
  const answers = [
    answerOf(old, pathOf(textOf(request, 'uri')), textOf(request, 'method', 20)),
    ...endpoints.map((one) => {
      const http = objectOf(one, 'http');
      return answerOf(http, textOf(one, 'path') ?? pathOf(textOf(http, 'uri')), undefined);
    }),
  ].filter((one) => one !== undefined);
  if (answers.length === 0) return undefined;
  const icons = [old, ...endpoints.map((one) => objectOf(one, 'http'))].flatMap((one) => [
    ...listOf(one, 'favicons'),
  ]);
  return webFacts(isSecure ? 'https' : 'http', address, answers, faviconOf(icons));
}

function answerOf(
  response: JsonObject | undefined,
  path: string,
  method: string | undefined,
): ToldAnswer | undefined {
  const status = integerOf(response, 'status_code');
  if (status === undefined || status < 100 || status > 999) return undefined;
  const headers = Object.entries(objectOf(response, 'headers') ?? {}).filter(
    ([name]) => name !== '_encoding',
  );
  const plain = headers.map(
    ([name, value]) => [name, isObject(value) ? textsOf(value, 'headers') : value] as const,
  );
  return {
    method,
    path,
    status,
    headers: headerPairs(Object.fromEntries(plain)),
    title: textOf(response, 'html_title'),
    body: textOf(response, 'body', 256 * 1024),
    bytes: integerOf(response, 'body_size'),
  };
}

function pathOf(uri: string | undefined): string {
  if (uri === undefined || !URL.canParse(uri)) return uri?.startsWith('/') === true ? uri : '/';
  const { pathname, search } = new URL(uri);
  return `${pathname}${search}`;
}

function faviconOf(icons: readonly unknown[]): HttpFacts['favicon'] {
  for (const icon of icons) {
    const mmh3 = integerOf(icon, 'shodan_hash', 'hash_shodan');
    if (mmh3 !== undefined) {
      return {
        path: pathOf(textOf(icon, 'name')),
        mmh3,
        sha256: '',
        bytes: Math.max(0, integerOf(icon, 'size') ?? 0),
      };
    }
  }
  return undefined;
}

function tlsOf(service: unknown): TlsFacts | undefined {
  const tls = objectOf(service, 'tls');
  if (tls === undefined) return undefined;
  const leaf = oldLeaf(objectOf(tls, 'certificates')) ?? newLeaf(objectOf(service, 'cert')) ?? bareLeaf(tls);
  return tlsFacts({
    version: tlsVersion(textOf(tls, 'version_selected', 20)),
    cipher: textOf(tls, 'cipher_selected', 100),
    certificates: leaf === undefined ? [] : [leaf],
  });
}

function oldLeaf(certificates: JsonObject | undefined): Certificate | undefined {
  const leaf = objectOf(certificates, 'leaf_data');
  if (leaf === undefined) return undefined;
  return certificateOf({
    sha256: textOf(certificates, 'leaf_fp_sha_256', 64) ?? textOf(leaf, 'fingerprint', 64),
    subject: textOf(leaf, 'subject_dn'),
    issuer: textOf(leaf, 'issuer_dn'),
    names: textsOf(leaf, 'names'),
    keyType: textOf(leaf, 'pubkey_algorithm', 30),
    keyBits: integerOf(leaf, 'pubkey_bit_size'),
    signature: textOf(objectOf(leaf, 'signature'), 'signature_algorithm', 60),
    selfSigned: fieldOf(objectOf(leaf, 'signature'), 'self_signed') === true,
  });
}

function newLeaf(cert: JsonObject | undefined): Certificate | undefined {
  const parsed = objectOf(cert, 'parsed');
  if (cert === undefined || parsed === undefined) return undefined;
  const validity = objectOf(parsed, 'validity_period');
  const key = objectOf(parsed, 'subject_key_info');
  const serial = textOf(parsed, 'serial_number_hex', 200);
  return certificateOf({
    sha256: textOf(cert, 'fingerprint_sha256', 64),
    subject: textOf(parsed, 'subject_dn'),
    issuer: textOf(parsed, 'issuer_dn'),
    ...(serial === undefined ? {} : { serial }),
    notBefore: certificateDate(textOf(validity, 'not_before')),
    notAfter: certificateDate(textOf(validity, 'not_after')),
    names: textsOf(cert, 'names'),
    keyType: textOf(objectOf(key, 'key_algorithm'), 'name', 30),
    keyBits: integerOf(objectOf(key, 'rsa', 'ecdsa'), 'length'),
    signature: textOf(objectOf(objectOf(parsed, 'signature'), 'signature_algorithm'), 'name', 60),
    selfSigned: fieldOf(objectOf(parsed, 'signature'), 'self_signed') === true,
  });
}

/** Only which certificate it was. */
function bareLeaf(tls: JsonObject): Certificate | undefined {
  const [shown] = listOf(tls, 'presented_chain');
  const sha256 = textOf(tls, 'fingerprint_sha256', 64) ?? textOf(shown, 'fingerprint_sha256', 64);
  if (sha256 === undefined) return undefined;
  const isSame = textOf(shown, 'fingerprint_sha256', 64) === sha256;
  return certificateOf({
    sha256,
    subject: isSame ? textOf(shown, 'subject_dn') : undefined,
    issuer: isSame ? textOf(shown, 'issuer_dn') : undefined,
  });
}
