/**
 * Fetches CISA's list. The one transfer outside of `observe/`: it goes to one fixed public host about which no organisation file,
 * argument or answer decides, so no scope guard could say anything of it; and it never goes to the organisation.
 */
import { Agent, request, type Dispatcher } from 'undici';
import { errorText } from '../lib/app-error.ts';
import { MOST_BYTES } from './kev-list.ts';

export const KEV_ORIGIN = 'https://www.cisa.gov';
const KEV_PATH = '/sites/default/files/feeds/known_exploited_vulnerabilities.json';
/** For people: what to download by hand. */
export const KEV_URL = `${KEV_ORIGIN}${KEV_PATH}`;
const OWN_DOMAIN = '.cisa.gov';
const MOST_REDIRECTS = 3;
const TIMEOUT_MS = 60_000;

export interface FetchOptions {
  /** Another than CISA's only in tests: the caller lets nothing but this machine through. */
  readonly origin?: string;
  readonly dispatcher?: Dispatcher;
  readonly timeoutMs?: number;
  readonly mostBytes?: number;
}

/** A reason is a clause: "the name www.cisa.gov cannot be resolved …". */
export type Fetched =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly url: string }
  | { readonly ok: false; readonly reason: string };

/** One transfer, bounded in size and time. Never throws for what the network does. */
export async function fetchKev(options: FetchOptions = {}): Promise<Fetched> {
  const { origin = KEV_ORIGIN, timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES } = options;
  const agent = options.dispatcher ?? new Agent({ connections: 1 });
  // One limit for all of it: a server that sends a byte a second must not hold a nightly job.
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    let url = new URL(KEV_PATH, origin);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await ask(url, { agent, signal, timeoutMs });
      if (answer.location === undefined) return await take(answer, url, mostBytes);
      await discard(answer.body);
      const next = URL.canParse(answer.location, url.href) ? new URL(answer.location, url) : undefined;
      if (next === undefined || !mayFollow(url, next))
        return {
          ok: false,
          reason: `${url.host} sends on to ${shown(answer.location)}, which is not followed`,
        };
      url = next;
    }
    return { ok: false, reason: `${url.host} sends on more than ${MOST_REDIRECTS} times` };
  } catch (error) {
    return { ok: false, reason: reasonOf(error, new URL(origin).host, timeoutMs) };
  } finally {
    if (options.dispatcher === undefined) await agent.destroy();
  }
}

/** Never out of TLS, and only to the same host or, from CISA, to another of CISA's. */
function mayFollow(from: URL, to: URL): boolean {
  if (to.protocol !== 'https:' && to.protocol !== from.protocol) return false;
  if (to.username !== '' || to.password !== '') return false;
  if (to.host === from.host) return true;
  return from.hostname.endsWith(OWN_DOMAIN) && to.hostname.endsWith(OWN_DOMAIN) && to.port === '';
}

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly encoding: string | undefined;
  readonly body: Dispatcher.ResponseData['body'];
}

async function ask(
  url: URL,
  { agent, signal, timeoutMs }: { agent: Dispatcher; signal: AbortSignal; timeoutMs: number },
): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, {
    dispatcher: agent,
    headers: { 'user-agent': 'sekisho', accept: 'application/json', 'accept-encoding': 'gzip' },
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const isRedirect = [301, 302, 303, 307, 308].includes(statusCode);
  return {
    status: statusCode,
    location: isRedirect ? (one(headers['location']) ?? '') : undefined,
    encoding: one(headers['content-encoding'])?.toLowerCase(),
    body,
  };
}

async function take({ status, encoding, body }: Answer, url: URL, mostBytes: number): Promise<Fetched> {
  if (status !== 200) {
    await discard(body);
    return { ok: false, reason: `${url.host} answered with HTTP status ${status} instead of the list` };
  }
  // Packed bytes are told by their first two when they are read.
  if (encoding !== undefined && encoding !== 'gzip' && encoding !== 'identity') {
    await discard(body);
    return {
      ok: false,
      reason: `${url.host} answered in an encoding that was not asked for (${shown(encoding)})`,
    };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > mostBytes)
      return {
        ok: false,
        reason: `${url.host} answered with more than ${mostBytes} bytes, which cannot be the list`,
      };
    chunks.push(bytes);
  }
  return { ok: true, bytes: Buffer.concat(chunks), url: url.href };
}

/** At most a little of it is read, so that the connection can be used again; more is cut. */
async function discard(body: Answer['body']): Promise<void> {
  await body.dump({ limit: 65_536 }).catch(() => undefined);
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 120));
}

function reasonOf(error: unknown, host: string, timeoutMs: number): string {
  const { name, code = '' } = error as NodeJS.ErrnoException;
  if (name === 'TimeoutError' || code.endsWith('_TIMEOUT') || code === 'ETIMEDOUT')
    return `${host} has not sent the whole list within ${Math.round(timeoutMs / 1000)} seconds`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `the name ${host} cannot be resolved: there is no network, or its name server does not answer`;
  if (code === 'ECONNREFUSED') return `${host} refuses the connection`;
  if (code === 'ENETUNREACH' || code === 'EHOSTUNREACH') return `there is no way to ${host} from here`;
  if (/CERT|SIGNATURE|ALTNAME/.test(code))
    return `the certificate shown for ${host} is not trusted (${code}): something in between opens the connection, perhaps`;
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return `${host} ended the connection before the whole list had come`;
  return `the transfer from ${host} failed (${errorText(error)})`;
}
