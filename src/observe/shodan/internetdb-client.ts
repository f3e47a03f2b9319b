import { Agent, request } from 'undici';
import type { Logger } from 'pino';
import { errorText } from '../../lib/app-error.ts';
import { backOffMs, type Clock, type Pacer } from './pacer.ts';
import { InternetDbAnswer } from './schema.ts';

/** Shodan's keyless service: ports and hints of one IPv4 address, refreshed weekly, free for non-commercial use. */
export const INTERNETDB_ORIGIN = 'https://internetdb.shodan.io';

export interface InternetDbOptions {
  readonly origin: string;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly log: Logger;
  readonly timeoutMs?: number;
  readonly tries?: number;
}

/** Why an address could not be asked about; `network` also stands for broken answers. */
export type InternetDbFailure = 'interrupted' | 'network' | 'not-accepted' | 'rate-limited';

export type InternetDbResult =
  | {
      readonly kind: 'data';
      readonly answer: InternetDbAnswer;
      readonly text: string;
      readonly date?: string;
    }
  | { readonly kind: 'nothing-known' }
  | { readonly kind: 'failed'; readonly reason: InternetDbFailure; readonly detail: string };

export interface InternetDbClient {
  /** Never throws for what the network does. */
  ask(address: string, signal: AbortSignal): Promise<InternetDbResult>;
  requests(): number;
  close(): Promise<void>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_TRIES = 5;
/** A host with thousands of CVE names stays below 100 kB. */
const MAX_BYTES = 1024 * 1024;
const NOTHING_KNOWN = 'No information available';

interface Raw {
  readonly status: number;
  readonly text: string | undefined;
  readonly lastModified: string | undefined;
  readonly retryAfter: string | undefined;
}

export function createInternetDbClient(options: InternetDbOptions): InternetDbClient {
  const { tries = DEFAULT_TRIES, pacer, clock, now, log } = options;
  const agent = new Agent({ connections: 1, maxResponseSize: MAX_BYTES });
  let requests = 0;

  const once = async (address: string, signal: AbortSignal): Promise<InternetDbResult & Again> => {
    try {
      const raw = await pacer(signal, () => {
        requests += 1;
        return fetchRaw(options, agent, address, signal);
      });
      return judge(raw, address);
    } catch (error) {
      if (signal.aborted) return { kind: 'failed', reason: 'interrupted', detail: 'stopped' };
      return { kind: 'failed', reason: 'network', detail: errorText(error), mayRetry: true };
    }
  };

  return {
    ask: async (address, signal) => {
      for (let attempt = 0; ; attempt += 1) {
        const result = await once(address, signal);
        if (result.mayRetry !== true || attempt + 1 >= tries) return result;
        log.debug({ address, attempt: attempt + 1 }, 'InternetDB: trying again');
        try {
          await clock.sleep(backOffMs(attempt, result.retryAfter, now()), signal);
        } catch {
          return { kind: 'failed', reason: 'interrupted', detail: 'stopped' };
        }
      }
    },
    requests: () => requests,
    close: () => agent.destroy(),
  };
}

interface Again {
  readonly mayRetry?: boolean;
  readonly retryAfter?: string | undefined;
}

/** Redirects are not followed: undici's `request` has no such habit. */
async function fetchRaw(
  options: InternetDbOptions,
  agent: Agent,
  address: string,
  signal: AbortSignal,
): Promise<Raw> {
  const { origin, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { statusCode, headers, body } = await request(`${origin}/${address}`, {
    dispatcher: agent,
    headers: { 'user-agent': 'sekisho', accept: 'application/json', 'accept-encoding': 'identity' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const text = await body.text();
  return {
    status: statusCode,
    text: headers['content-encoding'] === undefined ? text : undefined,
    lastModified: one(headers['last-modified']),
    retryAfter: one(headers['retry-after']),
  };
}

function one(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function judge(raw: Raw, address: string): InternetDbResult & Again {
  const { status, text, retryAfter } = raw;
  const value = text === undefined ? undefined : parseJson(text);
  if (status === 404 && detailOf(value) === NOTHING_KNOWN) return { kind: 'nothing-known' };
  if (status === 200 && text !== undefined) {
    const answer = InternetDbAnswer.safeParse(value).data;
    if (answer !== undefined && answer.ip === address) {
      const ms = Date.parse(raw.lastModified ?? '');
      const date = Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
      return { kind: 'data', answer, text, ...(date === undefined ? {} : { date }) };
    }
  }
  const detail = `HTTP ${status}`;
  // FastAPI says 422 to what it takes for no address.
  if (status === 422 || status === 400) return { kind: 'failed', reason: 'not-accepted', detail };
  // 403 is Cloudflare's answer to too many requests.
  if (status === 429 || status === 403) {
    return { kind: 'failed', reason: 'rate-limited', detail, mayRetry: true, retryAfter };
  }
  const mayRetry = status === 200 || status >= 500;
  return { kind: 'failed', reason: 'network', detail, mayRetry, retryAfter };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function detailOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'detail' in value ? value.detail : undefined;
}
