import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { showable } from '../../lib/hostile-text.ts';
import type { Exchange } from './fenced-library.ts';

/**
 * Why a call gave nothing.
 *
 * - bad-key, no-credits, plan-lacks: the account; asking again does not help
 * - bad-request: Shodan does not take this address or query
 * - rate-limited, broken-answer, network: five tries failed
 * - credit-cap: the next try could have cost a credit more than allowed
 * - interrupted: the run was stopped
 */
export type ShodanErrorKind =
  | 'bad-key'
  | 'no-credits'
  | 'plan-lacks'
  | 'bad-request'
  | 'rate-limited'
  | 'broken-answer'
  | 'network'
  | 'credit-cap'
  | 'interrupted';

export class ShodanError extends Error {
  readonly kind: ShodanErrorKind;
  /** HTTP status, when there was an answer. */
  readonly status: number | undefined;
  readonly retryAfter: string | undefined;
  readonly mayRetry: boolean;

  constructor(
    kind: ShodanErrorKind,
    message: string,
    more: {
      readonly status?: number;
      readonly retryAfter?: string | undefined;
      readonly final?: boolean;
    } = {},
  ) {
    super(message);
    this.name = 'ShodanError';
    this.kind = kind;
    this.status = more.status;
    this.retryAfter = more.retryAfter;
    this.mayRetry =
      more.final !== true && (kind === 'rate-limited' || kind === 'broken-answer' || kind === 'network');
  }
}

export interface JsonAnswer {
  readonly value: Readonly<Record<string, unknown>>;
  /** The very text, for evidence: parsing loses integers beyond 2^53. */
  readonly text: string;
}

const NOTHING_KNOWN = 'No information available for that IP.';
const NO_CREDITS = /insufficient query credits/i;
const PLAN_LACKS = /upgrade your API plan|requires (?:a )?membership|not available (?:on|for) your plan/i;
const RATE_LIMITED = /rate limit reached/i;

/**
 * Reads an exchange by status and body together: Shodan answers 401 both to a wrong key and to spent credits, sends errors
 * with status 200, and HTML where JSON is due. "Nothing known" (undefined) is a claim, so only a 404 with exactly that
 * text makes it.
 *
 * @throws ShodanError
 */
export async function readExchange(exchange: Exchange, maxBytes: number): Promise<JsonAnswer | undefined> {
  if (exchange.outcome === 'failed') throw failedExchange(exchange.reason, exchange.detail);
  const { status } = exchange;
  const text = await bodyText(exchange, maxBytes);
  const value = text === undefined ? undefined : jsonObject(text);
  const message = typeof value?.['error'] === 'string' ? value['error'] : undefined;
  if (status === 404 && message === NOTHING_KNOWN) return undefined;
  if (status === 200 && text !== undefined && value !== undefined && !('error' in value)) {
    return { value, text };
  }
  throw statusError(status, message, headerText(exchange.headers['retry-after']));
}

function statusError(
  status: number,
  message: string | undefined,
  retryAfter: string | undefined,
): ShodanError {
  const said = message === undefined ? `HTTP ${status}` : `HTTP ${status}: ${showable(message, 200)}`;
  const known = message === undefined ? undefined : knownMessage(status, message);
  if (known !== undefined) return new ShodanError(known, said, { status, retryAfter });
  if (status === 401) return new ShodanError('bad-key', said, { status });
  // 403: the plan lacks the method, or Cloudflare blocks us; either way the other ways remain.
  if (status === 403) return new ShodanError('plan-lacks', said, { status });
  if (status === 400) return new ShodanError('bad-request', said, { status });
  if (status === 429) return new ShodanError('rate-limited', said, { status, retryAfter });
  if (status >= 500) return new ShodanError('network', said, { status, retryAfter });
  return new ShodanError('broken-answer', `${said}, not an answer of the expected form`, {
    status,
    final: status !== 200,
  });
}

function knownMessage(status: number, message: string): ShodanErrorKind | undefined {
  if (status >= 500) return undefined;
  if (NO_CREDITS.test(message)) return 'no-credits';
  if (PLAN_LACKS.test(message)) return 'plan-lacks';
  return RATE_LIMITED.test(message) ? 'rate-limited' : undefined;
}

function failedExchange(reason: string, detail: string): ShodanError {
  if (reason === 'aborted') return new ShodanError('interrupted', 'stopped');
  if (reason === 'too-large') {
    return new ShodanError('broken-answer', `the answer is too large (${detail})`, { final: true });
  }
  return new ShodanError('network', `no answer: ${reason} (${detail})`);
}

const unzip = promisify(gunzip);

/** undefined when the body cannot be unpacked within the limit. */
async function bodyText(
  exchange: Extract<Exchange, { outcome: 'answered' }>,
  maxBytes: number,
): Promise<string | undefined> {
  const encoding = headerText(exchange.headers['content-encoding'])?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === '') return Buffer.from(exchange.body).toString('utf8');
  if (encoding !== 'gzip' && encoding !== 'x-gzip') return undefined;
  try {
    return (await unzip(exchange.body, { maxOutputLength: maxBytes })).toString('utf8');
  } catch {
    return undefined;
  }
}

function headerText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes the key out of a text, plain and URL-encoded, and whatever stands behind `key=`. */
export function redact(text: string, key: string): string {
  const blank = (all: string, secret: string): string =>
    secret === '' ? all : all.replaceAll(secret, '***');
  return blank(blank(text, key), encodeURIComponent(key)).replace(/([?&]key=)[^&"'\s]*/g, '$1***');
}
