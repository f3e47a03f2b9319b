import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeInit, parseInit } from './packets.ts';

/**
 * The scanner daemon saned by the first message of its protocol. Scanners are not listed. It closes without a word for
 * addresses that it does not allow. Eight bytes of an answer prove little, so this is asked on its own port only.
 *
 * Fields: `protocol-version`, `status` (SANE_Status, when not 0).
 */
export const saneQuestion: TcpQuestion = {
  protocol: 'sane',
  ports: [6566],
  elsewhere: 'never',
  read: () => undefined,
  async ask(line) {
    const init = await line.exchange(encodeInit(), parseInit);
    if (init === undefined) return undefined;
    const { status, protocolVersion } = init;
    return factsOf(status, protocolVersion);
  },
};

function factsOf(status: number, protocolVersion: string): ProtocolFacts {
  return {
    name: 'sane',
    access: status === 0 ? 'open' : 'turned-away',
    product: 'saned',
    fields: fieldsOf(['protocol-version', protocolVersion], ['status', status === 0 ? undefined : status]),
    concerns: ['clear-text'],
  };
}
