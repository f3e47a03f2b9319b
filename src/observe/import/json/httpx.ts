import type { Address } from '../../../lib/address.ts';
import type { Facts, HttpFacts } from '../../../model/facts.ts';
import { parseLenient } from '../../probe/tcp/http/lenient.ts';
import type { ImportContext } from '../format.ts';
import type { JsonObject } from '../json-elements.ts';
import { jsonFormat, type JsonFormat, type Verdict } from '../json-format.ts';
import { tlsFacts } from './certificate.ts';
import { fieldOf, integerOf, listOf, objectOf, portOf, textOf, textsOf } from './fields.ts';
import { addressIn, hostNames, observationOf, passiveOf, withoutFields } from './observe.ts';
import { tlsOf } from './tlsx.ts';
import { headerPairs, webAddress, webFacts } from './web.ts';

/** httpx -json (projectdiscovery): one web answer. Releases before 2022 wrote hyphens where later ones write underscores. */
export const httpxRecords: JsonFormat = {
  type: 'httpx',
  recognises: (value) =>
    textOf(value, 'url') !== undefined &&
    fieldOf(
      value,
      'status_code',
      'status-code',
      'webserver',
      'host_ip',
      'content_length',
      'content-length',
      'failed',
    ) !== undefined &&
    fieldOf(value, 'template-id', 'templateID') === undefined,
  read: ({ value, text }, context, give): Verdict => {
    const url = webAddress(textOf(value, 'url'));
    const place = addressOf(value, url?.host, context);
    if (place === 'elsewhere') return 'out-of-scope';
    const status = integerOf(value, 'status_code', 'status-code');
    if (fieldOf(value, 'failed') === true || status === undefined || status < 100 || status > 999)
      return 'ignored';
    if (place === undefined) return { fault: 'this httpx record has no usable address (host_ip, a, aaaa)' };
    const port = url?.port ?? portOf(value, 'port');
    if (port === undefined) return { fault: 'this httpx record has no usable port' };
    for (const look of looksOf(value, url, port, status)) {
      give(
        observationOf(
          {
            source: 'httpx',
            address: place.address,
            port: look.port,
            transport: 'tcp',
            probe: 'http',
            facts: look.facts,
            time: fieldOf(value, 'timestamp'),
            evidence: withoutFields({ value, text }, ['request', 'raw_request']),
            note: place.note,
          },
          context,
        ),
      );
    }
    return 'record';
  },
};

export const httpx = jsonFormat(httpxRecords);

interface Place {
  readonly address: Address;
  readonly note: string | undefined;
}

/**
 * The address that answered. When that is none of the organisation's, but the name also leads to one that is (an IPv6
 * answer of a host of which only the IPv4 range was declared), that one, and the note says so.
 */
function addressOf(
  value: JsonObject,
  urlHost: string | undefined,
  context: ImportContext,
): Place | 'elsewhere' | undefined {
  const asked = addressIn(textOf(value, ['host_ip', 'host-ip']), urlHost, textOf(value, 'host'));
  if (asked !== undefined && context.accepts(asked)) return { address: asked, note: undefined };
  const named = [...textsOf(value, 'a'), ...textsOf(value, 'aaaa')].flatMap((text) => addressIn(text) ?? []);
  const own = named.find((address) => context.accepts(address));
  if (own === undefined) return asked === undefined && named.length === 0 ? undefined : 'elsewhere';
  const note =
    asked === undefined
      ? 'httpx does not say which address of this name answered'
      : `httpx asked ${asked.text}; the same name also leads to this address, which was not asked itself`;
  return { address: own, note };
}

type Url = ReturnType<typeof webAddress>;

interface Look {
  readonly port: number;
  readonly facts: Facts;
}

/**
 * When redirects were followed (-follow-redirects), all that is said of the answer is said of the last one: it belongs to the
 * place of `final_url`, which is one of this address only when the host is the same.
 */
function looksOf(value: JsonObject, url: Url, port: number, status: number): readonly Look[] {
  const final = webAddress(textOf(value, ['final_url', 'final-url']));
  if (url === undefined || final === undefined) return [{ port, facts: factsOf(value, url, status) }];
  const last = { port: final.port, facts: factsOf(value, final, status) };
  if (final.host === url.host && final.port === url.port) return [last];
  const first = { port, facts: redirectOf(value, url) };
  return final.host === url.host ? [first, last] : [first];
}

/** Of the first answer nothing is kept but its status, and where it led in the end. */
function redirectOf(value: JsonObject, url: NonNullable<Url>): Facts {
  const [code] = listOf(value, 'chain_status_codes', 'chain-status-codes');
  const answer = {
    path: url.path,
    status: typeof code === 'number' && code >= 300 && code <= 399 ? code : STATUS_UNKNOWN,
    headers: [['Location', textOf(value, ['final_url', 'final-url']) ?? ''] as const],
  };
  return {
    http: webFacts(url.scheme, url.host, [answer]),
    passive: passiveOf({ hostnames: hostNames(url.host), module: 'httpx' }),
  };
}

/** No answer has it, so no rule about a status is met. */
const STATUS_UNKNOWN = 0;

function factsOf(value: JsonObject, url: Url, status: number): Facts {
  const scheme = url?.scheme ?? (textOf(value, 'scheme') === 'https' ? 'https' : 'http');
  const host = url?.host ?? textOf(value, 'host') ?? '';
  const told = {
    method: textOf(value, 'method', 20),
    path: url?.path ?? textOf(value, 'path'),
    status,
    headers: headersOf(value),
    title: textOf(value, 'title'),
    body: textOf(value, ['body', 'response_body', 'response-body'], MAX_BODY),
    bytes: integerOf(value, 'content_length', 'content-length'),
  };
  const handshake = objectOf(value, 'tls', 'tls-grab', 'tls_grab');
  const tls = handshake === undefined ? undefined : tlsOf(handshake);
  const jarm = textOf(value, ['jarm_hash', 'jarm-hash', 'jarm'], 62);
  const fingerprint = tlsFacts({ certificates: [], jarm }).jarm;
  const isEdge = fieldOf(value, 'cdn') === true && textOf(value, ['cdn_type', 'cdn-type']) !== 'cloud';
  const tags = [...(isEdge ? ['cdn'] : []), ...textsOf(value, 'tech', 'technologies')];
  return {
    http: webFacts(scheme, host, [told], faviconOf(value)),
    ...(tls === undefined && fingerprint === undefined
      ? {}
      : {
          tls: {
            ...(tls ?? tlsFacts({ certificates: [] })),
            ...(fingerprint === undefined ? {} : { jarm: fingerprint }),
          },
        }),
    passive: passiveOf({
      cpe: cpesOf(value),
      tags,
      hostnames: hostNames(url?.host, textOf(value, 'host')),
      module: 'httpx',
    }),
  };
}

/** `-cpe`: [{ product, vendor, cpe }]. */
function cpesOf(value: JsonObject): string[] {
  const found = listOf(value, 'cpe').map((one) => textOf(one, 'cpe', 300) ?? '');
  return [...new Set(found.filter((text) => text.startsWith('cpe:')))];
}

const MAX_BODY = 256 * 1024;

/** The head of the answer where it was kept; else the headers that httpx repeats in fields of their own. */
function headersOf(value: JsonObject): readonly (readonly [string, string])[] {
  const raw = textOf(value, ['raw_header', 'raw-header'], 64 * 1024);
  const parsed =
    raw === undefined ? undefined : parseLenient(Buffer.from(`${raw.trimEnd()}\r\n\r\n`, 'latin1'));
  if (parsed !== undefined) return parsed.headers;
  const pairs = headerPairs(objectOf(value, 'header', 'response-header'));
  if (pairs.length > 0) return pairs;
  return HEADER_FIELDS.flatMap(([name, ...fields]) => {
    const text = textOf(value, fields);
    return text === undefined ? [] : [[name, text] as const];
  });
}

const HEADER_FIELDS: readonly (readonly [string, ...string[]])[] = [
  ['Server', 'webserver'],
  ['Content-Type', 'content_type', 'content-type'],
  ['Location', 'location'],
];

function faviconOf(value: JsonObject): HttpFacts['favicon'] {
  const mmh3 = integerOf(value, 'favicon', 'favicon-mmh3', 'favicon_mmh3');
  if (mmh3 === undefined) return undefined;
  return { path: textOf(value, 'favicon_path') ?? '', mmh3, sha256: '', bytes: 0 };
}
