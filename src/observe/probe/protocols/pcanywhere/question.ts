import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeQuery, parseHost } from './packets.ts';

/**
 * A pcAnywhere host (support ended in 2014) by its answer to the search for hosts.
 *
 * Fields: `host-name`.
 */
export const pcAnywhereQuestion: UdpQuestion = {
  protocol: 'pcanywhere',
  ports: [5632],
  read,
  ask: (line) => line.exchange(encodeQuery(), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  const host = parseHost(received);
  if (host === undefined) return undefined;
  return {
    name: 'pcanywhere',
    access: 'unknown',
    product: 'pcAnywhere',
    fields: fieldsOf(['host-name', host.name]),
    concerns: [],
  };
}
