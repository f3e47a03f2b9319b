import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { Reading, TcpQuestion } from '../../question.ts';
import { bounded, fieldsOf } from '../fields.ts';
import { parseOutput, type CheckmkOutput } from './packets.ts';

/**
 * The Checkmk agent: processes, mounts, users and versions of the machine for everybody who connects. Only its first
 * section is read.
 *
 * Fields: `operating-system`, `host-name`.
 */
export const checkmkAgentQuestion: TcpQuestion = {
  protocol: 'checkmk-agent',
  ports: [6556],
  elsewhere: 'never',
  read(received) {
    // A recorded answer may end within the first section; its beginning proves the protocol.
    const output = parseOutput(received);
    if (output === 'more') return received.length > 16 ? factsOf({}) : undefined;
    return output === undefined ? undefined : factsOf(output);
  },
  async ask(line) {
    const parse = (received: Uint8Array): Reading<CheckmkOutput> => parseOutput(received);
    const output = await line.exchange(undefined, parse);
    return output === undefined ? undefined : factsOf(output);
  },
};

function factsOf({ version, operatingSystem, hostName }: CheckmkOutput): ProtocolFacts {
  return {
    name: 'checkmk-agent',
    access: 'open',
    product: 'Checkmk agent',
    ...(version === undefined ? {} : { version: bounded(version) }),
    fields: fieldsOf(['operating-system', operatingSystem], ['host-name', hostName]),
    concerns: ['data-shown', 'clear-text'],
  };
}
