import type { Logger } from 'pino';
import type { z } from 'zod';
import { parseAddress } from '../../lib/address.ts';
import { ShodanError, readExchange, redact, type JsonAnswer } from './answer.ts';
import { SHODAN_ORIGIN, fencedCall, type ShodanLibrary } from './fenced-library.ts';
import { backOffMs, type Clock, type Pacer } from './pacer.ts';
import { elementTexts } from './raw-json.ts';
import type { RawRecord } from './records.ts';
import { ApiInfo, CountAnswer, HostAnswer, SearchAnswer } from './schema.ts';

export interface ShodanClientOptions {
  readonly apiKey: string;
  /** https://api.shodan.io, or a stand-in on this machine. */
  readonly origin?: string;
  readonly pacer: Pacer;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly log: Logger;
  /** Shodan itself waits ten seconds for its parts; useful answers come after up to twenty. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly tries?: number;
}

/** Counts credits before they are spent, so that no retry goes over the limit. */
export interface CreditBudget {
  /** false: nothing left, do not send. */
  take(): boolean;
  /** The request cost nothing after all. */
  giveBack(): void;
}

export interface SearchPage {
  readonly total: number;
  readonly matches: readonly RawRecord[];
}

export interface HostReport {
  readonly host: HostAnswer;
  readonly records: readonly RawRecord[];
}

/** Shodan's REST API as far as it is used. Every function throws ShodanError and nothing else for what the network does. */
export interface ShodanClient {
  apiInfo(signal: AbortSignal): Promise<ApiInfo>;
  /** Number of banners a query would find. Free. */
  count(query: string, signal: AbortSignal): Promise<number>;
  /** One page of at most 100 banners, whole records. One credit. */
  search(query: string, page: number, budget: CreditBudget, signal: AbortSignal): Promise<SearchPage>;
  /** undefined: Shodan says that it knows nothing about the address. Free. @throws RangeError when it is no address. */
  host(
    address: string,
    options: { readonly history: boolean },
    signal: AbortSignal,
  ): Promise<HostReport | undefined>;
  /** Requests sent so far. */
  requests(): number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
const DEFAULT_TRIES = 5;

type Send = (library: ShodanLibrary, timeout: number) => Promise<unknown>;

export function createShodanClient(options: ShodanClientOptions): ShodanClient {
  const { apiKey: key } = options;
  let requests = 0;
  const ask = async (send: Send, signal: AbortSignal, budget?: CreditBudget) => {
    const once = (): Promise<JsonAnswer | undefined> => {
      requests += 1;
      return askOnce(options, send, signal);
    };
    return askPatiently(options, once, signal, budget);
  };

  return {
    apiInfo: async (signal) => shaped(ApiInfo, await ask(get('/api-info', { key }), signal)).data,

    count: async (query, signal) => {
      const answer = await ask(({ client }, timeout) => client.count(query, key, { timeout }), signal);
      return shaped(CountAnswer, answer).data.total;
    },

    search: async (query, page, budget, signal) => {
      // The library's own search drops `minify: false`, and the API's default is true.
      const send = get('/shodan/host/search', { key, query, page, minify: false });
      const { data, text } = shaped(SearchAnswer, await ask(send, signal, budget));
      return { total: data.total, matches: rawRecords(data.matches, text, 'matches') };
    },

    host: async (address, { history }, signal) => {
      const parsed = parseAddress(address);
      if (parsed === undefined) throw new RangeError(`"${address}" is not an address`);
      const answer = await ask(
        ({ client }, timeout) => client.host(parsed.text, key, { history, timeout }),
        signal,
      );
      if (answer === undefined) return undefined;
      const { data: host, text } = shaped(HostAnswer, answer);
      checkHost(answer, host, parsed.text);
      return { host, records: rawRecords(host.data, text, 'data') };
    },

    requests: () => requests,
  };
}

function get(path: string, params: Readonly<Record<string, string | number | boolean>>): Send {
  return ({ utils }, timeout) => utils.request('api', path, { params, timeout });
}

async function askOnce(
  options: ShodanClientOptions,
  send: Send,
  signal: AbortSignal,
): Promise<JsonAnswer | undefined> {
  const { origin = SHODAN_ORIGIN, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
  const exchange = await options.pacer(signal, () =>
    fencedCall({ signal, origin, timeoutMs, maxBytes }, (library) => send(library, timeoutMs)),
  );
  return readExchange(exchange, maxBytes);
}

/** Five tries, as Shodan's own client; only for what may pass by itself. */
async function askPatiently(
  options: ShodanClientOptions,
  once: () => Promise<JsonAnswer | undefined>,
  signal: AbortSignal,
  budget: CreditBudget | undefined,
): Promise<JsonAnswer | undefined> {
  const { tries = DEFAULT_TRIES } = options;
  for (let attempt = 0; ; attempt += 1) {
    if (budget?.take() === false) throw new ShodanError('credit-cap', 'the next request could cost a credit');
    try {
      return await once();
    } catch (error) {
      const failure = asShodanError(error, signal, options.apiKey);
      // Only an answer with status 200 is sure to have been charged for; a broken one may have been too.
      if (failure.status !== undefined && failure.status !== 200) budget?.giveBack();
      if (!failure.mayRetry || attempt + 1 >= tries) throw failure;
      options.log.debug({ kind: failure.kind, attempt: attempt + 1 }, failure.message);
      const pause = backOffMs(attempt, failure.retryAfter, options.now());
      await options.clock.sleep(pause, signal).catch((cause: unknown) => {
        throw asShodanError(cause, signal, options.apiKey);
      });
    }
  }
}

function asShodanError(error: unknown, signal: AbortSignal, key: string): ShodanError {
  if (signal.aborted) return new ShodanError('interrupted', 'stopped');
  if (!(error instanceof ShodanError)) throw error;
  const { kind, status, retryAfter, mayRetry } = error;
  return new ShodanError(kind, redact(error.message, key), {
    ...(status === undefined ? {} : { status }),
    retryAfter,
    final: !mayRetry,
  });
}

/** A 200 of another shape proves nothing and is no "no results". */
function shaped<T extends z.ZodType>(
  schema: T,
  answer: JsonAnswer | undefined,
): { readonly data: z.output<T>; readonly text: string } {
  const parsed = schema.safeParse(answer?.value);
  if (answer === undefined || !parsed.success) {
    throw new ShodanError('broken-answer', 'the answer lacks what it must have', { final: true });
  }
  return { data: parsed.data, text: answer.text };
}

function checkHost(answer: JsonAnswer, host: HostAnswer, address: string): void {
  const hasList = Array.isArray(answer.value['data']) || Array.isArray(answer.value['ports']);
  const isOther = host.ip_str !== undefined && parseAddress(host.ip_str)?.text !== address;
  if (hasList && !isOther) return;
  const what = isOther ? 'the answer is about another address' : 'the answer lists neither ports nor records';
  throw new ShodanError('broken-answer', what, { final: true });
}

function rawRecords(values: readonly unknown[], text: string, key: string): RawRecord[] {
  const texts = elementTexts(text, key);
  const fits = texts?.length === values.length;
  return values.map((value, index) => ({ value, text: fits ? texts[index] : undefined }));
}
