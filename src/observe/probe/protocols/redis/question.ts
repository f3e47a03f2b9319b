import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { encodeCommand, parseReply, readInfo, type Reply } from './packets.ts';

/**
 * Redis and its kin (Valkey, KeyDB, Dragonfly, Kvrocks, Garnet): `PING`, then `INFO server`, which only reads. A server that
 * answers INFO serves strangers. Measured on redis 7.0.15: with a password every command but AUTH, HELLO, QUIT and RESET gives
 * NOAUTH; protected mode says so by itself and closes.
 *
 * Fields: `mode` (standalone, sentinel, cluster), `compatible-version` (Redis version that a relative claims), `os`, `architecture`,
 * `executable`, `config-file`, `refusal` (error text).
 */
export const redisQuestion: TcpQuestion = {
  protocol: 'redis',
  ports: [6379, 6380, 6381, 16_379, 26_379],
  tlsPorts: [6380],
  elsewhere: 'ask',
  read,
  ask,
};

/** Errors that say that a password is missing: NOAUTH since 2.6, "operation not permitted" before, NOPERM with access lists. */
const WANTS_PASSWORD = /^(?:NOAUTH\b|NOPERM\b|WRONGPASS\b|ERR operation not permitted|ERR Client sent AUTH)/;
const PROTECTED = /^DENIED (?:(?:Redis|KeyDB|Valkey) is running|Running) in protected mode/i;
/** What nobody but this family says, to any request. The check of the number of arguments comes before that of the password. */
const OWN_ERROR =
  /^(?:NOAUTH Authentication required|LOADING (?:Redis|Valkey|KeyDB) is loading|NOPERM this user has no permissions|ERR wrong number of arguments for '(?:get|GET)' command|ERR unknown command ['`](?:GET|OPTIONS|HELP)['`]|ERR Protocol error: |ERR max number of clients reached)/i;

/** Fields by which a relative names itself beside `redis_version`. */
const RELATIVES: readonly (readonly [field: string, product: string])[] = [
  ['valkey_version', 'valkey'],
  ['dragonfly_version', 'dragonfly'],
  ['kvrocks_version', 'kvrocks'],
  ['garnet_version', 'garnet'],
  ['rlec_version', 'redis-enterprise'],
];

function read(received: Uint8Array): ProtocolFacts | undefined {
  const reply = parseReply(received);
  if (reply === undefined) return undefined;
  if (reply === 'more') return readCut(received);
  if (reply.kind === 'text') return readServer(reply.text);
  if (reply.kind === 'status') return reply.text === 'PONG' ? facts('open') : undefined;
  return OWN_ERROR.test(reply.text) || PROTECTED.test(reply.text) ? refusal(reply.text) : undefined;
}

/** Recorded answers are kept up to some length. */
function readCut(received: Uint8Array): ProtocolFacts | undefined {
  const text = Buffer.from(received.subarray(0, 4096)).toString('latin1');
  const start = /^\$\d{2,5}\r\n(?=# Server\r\n)/.exec(text)?.[0].length;
  return start === undefined ? undefined : readServer(text.slice(start));
}

function facts(access: ProtocolFacts['access'], concerns: Concern[] = []): ProtocolFacts {
  return { name: 'redis', access, fields: [], concerns };
}

function refusal(text: string): ProtocolFacts {
  const access = accessOf(text);
  return { ...facts(access), fields: fieldsOf(['refusal', text]) };
}

function accessOf(error: string): ProtocolFacts['access'] {
  if (PROTECTED.test(error)) return 'turned-away';
  return WANTS_PASSWORD.test(error) ? 'password' : 'unknown';
}

/** @param text answer to INFO: the sections are lists of "name:value". */
function readServer(text: string): ProtocolFacts | undefined {
  const info = readInfo(text);
  const version = info.get('redis_version');
  if (version === undefined || !/^\d{1,3}\./.test(version)) return undefined;
  const [field, product] = RELATIVES.find(([name]) => info.has(name)) ?? nameByProgram(info);
  return {
    ...facts('open', ['data-shown']),
    product,
    version: bounded((info.get(field) ?? version).replace(/^(?:df-)?v(?=\d)/, '')),
    fields: fieldsOf(
      ['mode', info.get('redis_mode') ?? info.get('server_mode')],
      ['compatible-version', field === 'redis_version' ? undefined : version],
      ['os', info.get('os')],
      ['architecture', info.get('arch_bits')],
      ['executable', info.get('executable')],
      ['config-file', info.get('config_file')],
    ),
  };
}

/** KeyDB has no version field of its own: the name of its program tells. */
function nameByProgram(info: ReadonlyMap<string, string>): readonly [field: string, product: string] {
  return ['redis_version', info.get('executable')?.endsWith('/keydb-server') === true ? 'keydb' : 'redis'];
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const pong = await line.exchange(encodeCommand('PING'), parseReply);
  const first = pong === undefined ? undefined : afterPing(pong);
  if (first === undefined) return undefined;
  const server = await line.exchange(encodeCommand('INFO', 'server'), parseReply);
  return inClear(line, afterInfo(first, server));
}

function afterPing(reply: Reply): ProtocolFacts | undefined {
  if (reply.kind === 'status') return reply.text === 'PONG' ? facts('open') : undefined;
  if (reply.kind === 'text') return undefined;
  return OWN_ERROR.test(reply.text) || PROTECTED.test(reply.text) || WANTS_PASSWORD.test(reply.text)
    ? refusal(reply.text)
    : undefined;
}

/** INFO may have been renamed, or be forbidden to the default user, where PING is not. */
function afterInfo(first: ProtocolFacts, reply: Reply | undefined): ProtocolFacts {
  if (reply?.kind === 'text') return readServer(reply.text) ?? first;
  if (reply?.kind === 'error' && first.access === 'open' && WANTS_PASSWORD.test(reply.text)) {
    return refusal(reply.text);
  }
  return first;
}

function inClear(line: TcpLine, found: ProtocolFacts): ProtocolFacts {
  if (line.isTls || found.access !== 'password') return found;
  return { ...found, concerns: [...found.concerns, 'cleartext-password-offered'] };
}
