import type { Reading } from '../../question.ts';
import { headerValue, parseLenient } from '../../tcp/http/lenient.ts';

/** What a gateway tells before any log-in. */
export interface ClientGreeting {
  /** Release of an ASA or FTD: "9.16(4)"; "0.1(1)" is what ocserv always says. */
  readonly version: string | undefined;
  /** Also status 401 "No certificate": nothing is told to a client without one (ocserv, src/worker-auth.c). */
  readonly certificateDemanded: boolean;
  /** Words of a refusal that are this protocol's own. */
  readonly refusal?: string;
  readonly groups: readonly string[];
  /** Names of the fields to be filled in: username, password, secondary_password, answer … */
  readonly inputs: readonly string[];
  readonly singleSignOn: boolean;
  readonly banner: string | undefined;
}

const MAX_ANSWER = 64 * 1024;
const MAX_LIST = 16;
const MAX_TEXT = 200;

/**
 * Answer to the first message of a client: an XML document config-auth (draft-mavrogiannopoulos-openconnect §2.1, Cisco
 * "aggregate authentication"), or the refusal of ocserv.
 */
export function parseClientGreeting(received: Uint8Array): Reading<ClientGreeting> {
  const head = Buffer.from(received.subarray(0, 64)).toString('latin1');
  if (
    !/^H(?:T(?:T(?:P(?:\/(?:1(?:\.(?:[01](?: .*)?)?)?)?)?)?)?)?/s.test(head) ||
    received.length > MAX_ANSWER
  )
    return undefined;
  const answer = parseLenient(received, false);
  if (answer === undefined || answer.truncated) return 'more';
  if (
    /^HTTP\/1\.[01] 401 No certificate\r\n/.test(head) &&
    headerValue(answer.headers, 'www-authenticate') === ''
  )
    return { ...NOTHING, certificateDemanded: true, refusal: 'No certificate' };
  return answer.status === 200 ? parseDocument(Buffer.from(answer.body).toString('utf8')) : undefined;
}

const NOTHING: ClientGreeting = {
  version: undefined,
  certificateDemanded: false,
  groups: [],
  inputs: [],
  singleSignOn: false,
  banner: undefined,
};

function parseDocument(text: string): ClientGreeting | undefined {
  // The root of the document; a page that quotes one has other text before it.
  const isRoot = /^\s{0,4}(?:<\?xml[^>]{0,80}>\s{0,4})?<config-auth\s[^>]{0,200}>/.test(text);
  if (!isRoot || !/<config-auth\s[^>]{0,150}\bclient="vpn"/.test(text.slice(0, 400))) return undefined;
  if (!/<config-auth\s[^>]{0,150}\btype="(?:auth-request|complete)"/.test(text.slice(0, 400)))
    return undefined;
  return {
    version: clean(/<version who="sg">([^<]{1,40})<\/version>/.exec(text)?.[1]),
    certificateDemanded: text.includes('<client-cert-request'),
    groups: all(text, /<option\b[^>]{0,200}?\bvalue="([^"]{1,100})"/g),
    inputs: all(text, /<input\b[^>]{0,200}?\bname="([^"]{1,60})"/g),
    singleSignOn: text.includes('<sso-v2-login') || /<input\b[^>]{0,60}\btype="sso"/.test(text),
    banner: clean(/<banner>([^<]{1,1000})<\/banner>/.exec(text)?.[1]),
  };
}

function all(text: string, pattern: RegExp): readonly string[] {
  const found: string[] = [];
  for (const [, value] of text.matchAll(pattern)) {
    const cleaned = clean(value);
    if (cleaned !== undefined && !found.includes(cleaned)) found.push(cleaned);
    if (found.length === MAX_LIST) break;
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function clean(text: string | undefined): string | undefined {
  const cleaned = text
    ?.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '')
    // oxlint-disable-next-line no-control-regex -- control characters of a stranger end here
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    .slice(0, MAX_TEXT);
  return cleaned === '' ? undefined : cleaned;
}
