import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';

/**
 * beanstalkd by `stats` (doc/protocol.txt of its source): counters and the version. The protocol has no log-in at all (measured on
 * 1.12).
 *
 * Fields: `current-tubes`, `hostname`, `os`, `platform`.
 */
export const beanstalkdQuestion: TcpQuestion = {
  protocol: 'beanstalkd',
  ports: [11_300],
  elsewhere: 'never',
  read: (received) => settled(parseStats(received)),
  ask: (line) => line.exchange(Buffer.from('stats\r\n', 'latin1'), parseStats),
};

const MAX_STATS = 4096;

/** "OK 955\r\n" and a YAML document of that length. */
function parseStats(received: Uint8Array): Reading<ProtocolFacts> {
  const text = Buffer.from(received.subarray(0, MAX_STATS + 16)).toString('latin1');
  const length = /^OK (\d{2,4})\r\n/.exec(text);
  if (length === null) return /^(?:O|OK|OK \d{0,4}\r?)?$/.test(text) ? 'more' : undefined;
  const start = length[0].length;
  const size = Number(length[1]);
  const head = '---\ncurrent-jobs-urgent: ';
  const body = text.slice(start, start + size);
  if (!(body.startsWith(head) || head.startsWith(body)) || size > MAX_STATS) return undefined;
  return body.length < size ? 'more' : factsOf(body);
}

function factsOf(body: string): ProtocolFacts | undefined {
  const value = (name: string): string | undefined =>
    new RegExp(`\\n${name}: "?([^"\\n]{1,100})"?(?:\\n|$)`).exec(body)?.[1];
  const version = value('version');
  if (version === undefined) return undefined;
  return {
    name: 'beanstalkd',
    access: 'open',
    product: 'beanstalkd',
    version: bounded(version),
    fields: fieldsOf(
      ['current-tubes', value('current-tubes')],
      ['hostname', value('hostname')],
      ['os', value('os')],
      ['platform', value('platform')],
    ),
    concerns: ['data-shown'],
  };
}
