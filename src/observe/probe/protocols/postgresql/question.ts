import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpLine, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import {
  encodeSslRequest,
  encodeUnknownStartup,
  type ErrorFields,
  parseError,
  parseSslAnswer,
} from './packets.ts';

/**
 * PostgreSQL and what stands before it (PgBouncer). Asks whether TLS is to be had, begins it, and asks for protocol 255.255: the
 * error says where in the server's source it arose, which tells the version. A startup message that is valid names a user, that
 * is, begins a log-in, and is not sent; whether a password would be wanted is therefore not known.
 *
 * Fields: `tls` (offered, refused), `sqlstate`, `message`, `source` (file:line of the server's source, of PostgreSQL only),
 * `routine`, `protocols` ("3.0 to 3.2": what the server speaks).
 */
export const postgresqlQuestion: TcpQuestion = {
  protocol: 'postgresql',
  ports: [5432, 5433, 5434, 6432],
  elsewhere: 'ask',
  read: (received) => {
    const error = parseError(received);
    return error === undefined || error === 'more' ? undefined : factsOf(error);
  },
  ask,
};

async function ask(line: TcpLine): Promise<ProtocolFacts | undefined> {
  const tls = await line.exchange(encodeSslRequest(), parseSslAnswer);
  if (tls === undefined) return undefined;
  // A handshake that fails leaves nothing to go on with; without TLS the error is the same.
  if (tls === 'error' || (tls === 'offered' && !(await line.startTls()))) line.again();
  const error = await line.exchange(encodeUnknownStartup(), parseError);
  const found = error === undefined ? undefined : factsOf(error);
  if (found === undefined) return undefined;
  return {
    ...found,
    fields: tls === 'error' ? found.fields : [['tls', tls], ...found.fields],
    concerns: tls === 'offered' || line.isTls ? [] : ['clear-text'],
  };
}

/** "no pg_hba.conf entry for host …" and "pg_hba.conf rejects connection …" carry 28000, and so do other log-ins that fail. */
const TURNED_AWAY = /pg_hba\.conf/;

function factsOf(error: ErrorFields): ProtocolFacts {
  const message = error.get('M') ?? '';
  // Builds for Windows give the whole path.
  const file = error.get('F')?.split(/[\\/]/).at(-1);
  const concerns: Concern[] = [];
  return {
    name: 'postgresql',
    access: TURNED_AWAY.test(message) ? 'turned-away' : 'unknown',
    ...named(error),
    fields: fieldsOf(
      ['sqlstate', error.get('C')],
      ['message', message],
      ['source', file === undefined ? undefined : `${bounded(file)}:${error.get('L') ?? ''}`],
      ['routine', error.get('R')],
      ['protocols', /server supports (\d{1,3}\.\d{1,3} to \d{1,3}\.\d{1,3})/.exec(message)?.[1]],
    ),
    concerns,
  };
}

/** PgBouncer quotes the header that it cannot read, in hex (measured on 1.18.0); the routine is a C function of PostgreSQL. */
function named(error: ErrorFields): { product?: string } {
  if (/^bad packet header: '[0-9a-f]{16}'$/.test(error.get('M') ?? '')) return { product: 'PgBouncer' };
  return error.get('R') === 'ProcessStartupPacket' ? { product: 'PostgreSQL' } : {};
}
