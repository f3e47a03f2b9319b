import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

/**
 * NATS: the server introduces itself with one line of JSON; `PING` is then answered by PONG where nobody has to log in and by an
 * error elsewhere (measured on nats-server 2.9.10).
 *
 * Fields: `server-name`, `host`, `go`, `cluster`, `domain`, `jetstream`, `auth-required`, `tls-required`, `tls-verify`, `max-payload`.
 */
export const natsQuestion: TcpQuestion = {
  protocol: 'nats',
  ports: [4222, 4223, 6222],
  elsewhere: 'never',
  read: (received) => {
    const info = parseInfo(received);
    return info === undefined || info === 'more' ? undefined : factsOf(info);
  },
  ask,
};

type Info = Readonly<Record<string, unknown>>;
const MAX_INFO = 16_384;

/** "INFO {…}\r\n" (NATS documentation, "Client Protocol"); `server_id`, `version` and `max_payload` are always there. */
function parseInfo(received: Uint8Array): Reading<Info> {
  const text = Buffer.from(received.subarray(0, MAX_INFO)).toString('utf8');
  if (!text.startsWith('INFO {')) return 'INFO {'.startsWith(text) ? 'more' : undefined;
  const end = text.indexOf('\r\n');
  if (end < 0) return received.length < MAX_INFO ? 'more' : undefined;
  try {
    const info = JSON.parse(text.slice(5, end)) as Info;
    const isServer = typeof info['server_id'] === 'string' && typeof info['version'] === 'string';
    return isServer && typeof info['max_payload'] === 'number' ? info : undefined;
  } catch {
    return undefined;
  }
}

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const info = await line.exchange(undefined, parseInfo);
  if (info === undefined) return undefined;
  const found = factsOf(info);
  const isSecured = line.isTls || (info['tls_required'] === true && (await line.startTls()));
  if (found.access !== 'unknown') return isSecured ? found : inClear(found);
  const pong = await line.exchange(Buffer.from('PING\r\n', 'latin1'), parsePong);
  if (pong === undefined) return found;
  return pong ? { ...found, access: 'open' } : { ...found, access: 'password' };
}

/** @returns whether PING was answered. Lines of information may come first. */
function parsePong(received: Uint8Array): Reading<boolean> {
  const text = Buffer.from(received.subarray(0, MAX_INFO)).toString('latin1');
  const line = text.split('\r\n').find((one) => one !== '' && !/^(?:\+OK$|INFO |PING$)/.test(one));
  if (line === undefined || !text.endsWith('\n')) return text.length < MAX_INFO ? 'more' : undefined;
  if (line === 'PONG') return true;
  return /^-ERR 'Auth/i.test(line) ? false : undefined;
}

function inClear(found: ProtocolFacts): ProtocolFacts {
  const concerns: Concern[] = found.access === 'password' ? ['cleartext-password-offered'] : [];
  return { ...found, concerns };
}

/** `auth_required` stands for every kind of credential; a `nonce` beside it, for keys as well. */
function factsOf(info: Info): ProtocolFacts {
  const text = (name: string): string | undefined => {
    const value = info[name];
    return typeof value === 'string' || typeof value === 'number' || value === true
      ? String(value)
      : undefined;
  };
  const isStrong = info['tls_verify'] === true;
  return {
    name: 'nats',
    access: isStrong ? 'strong' : info['auth_required'] === true ? 'password' : 'unknown',
    product: 'NATS',
    version: bounded(text('version') ?? ''),
    fields: fieldsOf(
      ['server-name', text('server_name')],
      ['host', text('host')],
      ['go', text('go')],
      ['cluster', text('cluster')],
      ['domain', text('domain')],
      ['jetstream', text('jetstream')],
      ['auth-required', text('auth_required')],
      ['tls-required', text('tls_required')],
      ['tls-verify', text('tls_verify')],
      ['max-payload', text('max_payload')],
    ),
    concerns: [],
  };
}
