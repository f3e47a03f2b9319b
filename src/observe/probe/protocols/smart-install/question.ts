import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion } from '../../question.ts';

/** The question of Cisco Talos' own smi_check, which public scanners ask as well, and the one answer to it. */
const REQUEST = Buffer.from('000000010000000100000004000000080000000100000000', 'hex');
const ANSWER = Buffer.from('000000040000000000000003000000080000000100000000', 'hex');

/**
 * Cisco Smart Install (TCP 4786): whether the client of a switch answers. It has no log-in at all: who gets this answer can read and replace the
 * configuration. Nothing of that is asked. Source: github.com/Cisco-Talos/smi_check.
 *
 * No fields.
 */
export const smartInstallQuestion: TcpQuestion = {
  protocol: 'smart-install',
  ports: [4786],
  elsewhere: 'never',
  read: (received) => settled(readSoFar(received)),
  ask: (line) => line.exchange(REQUEST, readSoFar),
};

function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const start = received.subarray(0, ANSWER.length);
  if (Buffer.compare(start, ANSWER.subarray(0, start.length)) !== 0) return undefined;
  if (start.length < ANSWER.length) return 'more';
  return {
    name: 'smart-install',
    access: 'open',
    fields: [],
    concerns: ['runs-commands', 'no-authentication-type'],
  };
}
