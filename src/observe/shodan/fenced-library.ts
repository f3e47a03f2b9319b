import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type { CancelableRequest, Got, Response } from 'got';
import type { ShodanClientModule, ShodanClientUtils } from 'shodan-client';
import { AppError } from '../../lib/app-error.ts';

/**
 * shodan-client 3.2.0 loses status, headers and cause of every failure, follows redirects to any host, retries behind the
 * caller's back, reads bodies without limit and puts the API key into messages. All of that comes from how it calls got,
 * so it is given another got: one that hands back the bare exchange and never throws.
 *
 * The package itself stays as it is; it is loaded once, with `got` and `debug` (which prints the key) exchanged in the
 * CommonJS cache while it loads, and the cache is put back afterwards.
 */
export type Exchange =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
      /** As sent: perhaps compressed. */
      readonly body: Uint8Array;
    }
  | {
      readonly outcome: 'failed';
      readonly reason: 'timeout' | 'too-large' | 'aborted' | 'connection';
      /** Error class and code; never a message, which may hold the URL and with it the key. */
      readonly detail: string;
    };

/** Limits of one call. */
export interface Fence {
  readonly signal: AbortSignal;
  /** Where requests go: https://api.shodan.io, or a stand-in on this machine. */
  readonly origin: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface ShodanLibrary {
  readonly client: ShodanClientModule;
  readonly utils: ShodanClientUtils;
}

export const SHODAN_ORIGIN = 'https://api.shodan.io';

const fences = new AsyncLocalStorage<Fence>();
let loaded: ShodanLibrary | undefined;

/** Runs one call of the library inside the fence. Rejects only for misuse of the library. */
export async function fencedCall(
  fence: Fence,
  send: (library: ShodanLibrary) => Promise<unknown>,
): Promise<Exchange> {
  const library = prepareLibrary();
  const exchange = await fences.run(fence, () => send(library));
  if (!isExchange(exchange)) throw unfenced();
  return exchange;
}

/** Loads the library, once. */
export function prepareLibrary(): ShodanLibrary {
  loaded ??= loadLibrary();
  return loaded;
}

/**
 * Loads shodan-client anew with its got exchanged, wherever the package manager has put that one: npm `overrides` do not
 * reach those who install this package, so shodan-client may have an old got of its own beneath it.
 *
 * @param from path or URL of a file from which both packages are found.
 */
export function loadLibrary(from: string = import.meta.url): ShodanLibrary {
  const loadCommonJs = createRequire(from);
  const directory = dirname(loadCommonJs.resolve('shodan-client/package.json'));
  const resolveInside = createRequire(`${directory}${sep}lib${sep}utils.js`).resolve;
  const got = loadCommonJs('got') as Got;
  // Before the exchange: a got beneath shodan-client lies in this directory too.
  for (const path of Object.keys(loadCommonJs.cache)) {
    if (path.startsWith(`${directory}${sep}`)) Reflect.deleteProperty(loadCommonJs.cache, path);
  }
  let taken = false;
  const restore = [
    exchangeModule(loadCommonJs, resolveInside('got'), () => {
      taken = true;
      return { get: fencedGet(got) };
    }),
    exchangeModule(loadCommonJs, resolveInside('debug'), () => silentDebug),
  ];
  try {
    const client = loadCommonJs('shodan-client') as ShodanClientModule;
    const utils = loadCommonJs('shodan-client/lib/utils') as ShodanClientUtils;
    if (!taken) throw unfenced();
    return { client, utils };
  } finally {
    for (const undo of restore) undo();
  }
}

function exchangeModule(loadCommonJs: NodeJS.Require, path: string, exports: () => unknown): () => void {
  const before = loadCommonJs.cache[path];
  const stand = { id: path, filename: path, path: dirname(path), loaded: true, children: [], paths: [] };
  Object.defineProperty(stand, 'exports', { get: exports });
  loadCommonJs.cache[path] = stand as unknown as NodeModule;
  return () => {
    if (before === undefined) Reflect.deleteProperty(loadCommonJs.cache, path);
    else loadCommonJs.cache[path] = before;
  };
}

const silentDebug = (): (() => void) => () => undefined;

/** What shodan-client gets for `got.get`: its answer's `body` is the whole exchange, which the library passes on as is. */
function fencedGet(got: Got): (url: string, options: GetOptions) => Promise<{ readonly body: Exchange }> {
  const client = got.extend({
    retry: 0,
    followRedirect: false,
    throwHttpErrors: false,
    // Unpacked later under a limit of its own: got reports no progress of a stream that grows while it is unpacked.
    decompress: false,
    headers: { 'user-agent': 'sekisho', 'accept-encoding': 'gzip', accept: 'application/json' },
  });
  return async (url, options) => {
    const fence = fences.getStore();
    if (fence === undefined || !url.startsWith(`${SHODAN_ORIGIN}/`)) throw unfenced();
    const target = `${fence.origin}${url.slice(SHODAN_ORIGIN.length)}`;
    const request = client.get(target, {
      searchParams: options.searchParams,
      timeout: { request: fence.timeoutMs },
      responseType: 'buffer',
    });
    return { body: await settle(request, fence) };
  };
}

interface GetOptions {
  readonly searchParams: Record<string, string | number | boolean>;
}

async function settle(request: CancelableRequest<Response<Buffer>>, fence: Fence): Promise<Exchange> {
  let tooLarge = false;
  const abort = (): void => request.cancel();
  fence.signal.addEventListener('abort', abort, { once: true });
  if (fence.signal.aborted) abort();
  void request.on('downloadProgress', ({ transferred, total }) => {
    if (Math.max(transferred, total ?? 0) <= fence.maxBytes) return;
    tooLarge = true;
    request.cancel();
  });
  try {
    const { statusCode, headers, rawBody } = await request;
    return { outcome: 'answered', status: statusCode, headers, body: rawBody };
  } catch (error) {
    if (tooLarge) return { outcome: 'failed', reason: 'too-large', detail: `over ${fence.maxBytes} bytes` };
    if (fence.signal.aborted) return { outcome: 'failed', reason: 'aborted', detail: 'stopped' };
    const detail = `${(error as Error).name} ${(error as NodeJS.ErrnoException).code ?? ''}`.trim();
    return { outcome: 'failed', reason: detail.includes('TIMEDOUT') ? 'timeout' : 'connection', detail };
  } finally {
    fence.signal.removeEventListener('abort', abort);
  }
}

function isExchange(value: unknown): value is Exchange {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}

function unfenced(): AppError {
  return new AppError('shodan-client-unfenced', 'shodan-client could not be loaded with its limits in place');
}
