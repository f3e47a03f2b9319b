import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';

/** Capability list (ircv3.net, "Capability Negotiation"), which is asked before any name is given. */
const REQUEST = Buffer.from('CAP LS 302\r\n', 'latin1');
const MAX_LINE = 2048;

/**
 * IRC by its capability list, or by the notices with which many servers greet. No nickname is given, so nobody logs in; the connection is closed
 * during registration.
 *
 * Fields: `server` (name that it gives itself), `capabilities`, `notice` (first one, shortened).
 */
export const ircQuestion: TcpQuestion = {
  protocol: 'irc',
  ports: [6667],
  tlsPorts: [6697],
  elsewhere: 'never',
  read: (received) => settled(readSoFar(received)),
  ask: (line) => line.exchange(REQUEST, readSoFar),
};

/** The first line that proves it; notices before it (RFC 2812 §3.3.2) do as well. */
function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const text = Buffer.from(received.subarray(0, MAX_LINE)).toString('utf8');
  if (!/^(?::|NOTICE|CAP|ERROR|$)/.test(text.slice(0, 6)) && !'NOTICE'.startsWith(text)) return undefined;
  const end = text.indexOf('\n');
  if (end < 0) return received.length < MAX_LINE ? 'more' : undefined;
  return readLine(text.slice(0, end).trimEnd());
}

function readLine(line: string): ProtocolFacts | undefined {
  const match =
    /^(?::([\w.-]{1,64}) )?(?:(CAP) (?:\*|[\w-]{1,32}) LS(?: \*)? :(.{0,512})|(NOTICE) (?:\*|AUTH|Auth|[\w-]{1,32}) :(.{1,512})|(451) \* (?:\S{1,32} )?:(.{1,200}))$/.exec(
      line,
    );
  if (match === null) return undefined;
  const [, server, , capabilities, , notice] = match;
  return {
    name: 'irc',
    access: 'unknown',
    fields: fieldsOf(['server', server], ['capabilities', capabilities], ['notice', notice]),
    concerns: [],
  };
}
