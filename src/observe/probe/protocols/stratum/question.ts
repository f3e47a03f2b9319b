import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

const REQUEST = Buffer.from('{"id":1,"method":"mining.subscribe","params":[]}\n', 'latin1');
const MAX_LINE = 4096;

/**
 * Stratum, the protocol of mining pools and proxies: "mining.subscribe" without a name of a miner or a wallet, on the customary ports only. It
 * ends with the connection; no worker is authorised and no work is taken. Pools of Monero and its kin know only "login", which is not asked,
 * and refuse this in words that name them.
 *
 * Fields: `answer` ("subscribed", "refused"), `message` (of a refusal).
 */
export const stratumQuestion: TcpQuestion = {
  protocol: 'stratum',
  ports: [3333, 3334, 4444, 7777, 9999, 14_433, 14_444, 45_560, 45_700],
  elsewhere: 'never',
  read: (received) => settled(readSoFar(received)),
  ask: (line) => line.exchange(REQUEST, readSoFar),
};

function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const text = Buffer.from(received.subarray(0, MAX_LINE)).toString('utf8');
  if (text !== '' && !/^\s{0,4}(?:\{|$)/.test(text)) return undefined;
  const end = text.indexOf('\n');
  if (end < 0) return received.length < MAX_LINE ? 'more' : undefined;
  return readLine(text.slice(0, end));
}

/** What servers send of themselves; "mining.subscribe" is our own word, which an echo gives back. */
const SERVER_METHODS: ReadonlySet<string> = new Set([
  'mining.notify',
  'mining.set_difficulty',
  'mining.set_extranonce',
  'mining.set_target',
  'mining.set_version_mask',
]);

function readLine(line: string): ProtocolFacts | undefined {
  const message = parse(line);
  if (message === undefined) return undefined;
  const { method, result, error } = message;
  if (typeof method === 'string' && SERVER_METHODS.has(method)) return toFacts('subscribed', undefined);
  if (JSON.stringify(result ?? null).includes('"mining.notify"')) return toFacts('subscribed', undefined);
  const refusal = refusalOf(error);
  return refusal !== undefined && isMining(refusal) ? toFacts('refused', refusal) : undefined;
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** `[20, "…", null]` of Bitcoin pools, `{ code, message }` of JSON-RPC. */
function refusalOf(error: unknown): string | undefined {
  const text: unknown = Array.isArray(error)
    ? (error as readonly unknown[])[1]
    : (error as { readonly message?: unknown } | null | undefined)?.message;
  return typeof text === 'string' ? text : undefined;
}

/** Words of pools. Any JSON-RPC server says "Method not found". */
function isMining(message: string): boolean {
  return /^(?:Unauthenticated|Unauthorized worker|Not subscribed|Job not found|Invalid (?:payment )?address|Missing login|IP Address currently banned)/i.test(
    message,
  );
}

function toFacts(answer: 'subscribed' | 'refused', message: string | undefined): ProtocolFacts {
  return {
    name: 'stratum',
    access: 'unknown',
    fields: fieldsOf(['answer', answer], ['message', message === undefined ? undefined : bounded(message)]),
    concerns: [],
  };
}
