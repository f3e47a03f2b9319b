import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion, type UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { productAndVersion } from '../message-head.ts';
import { encodeBinding, parseBinding } from './packets.ts';

/**
 * STUN and TURN by a Binding request: "which address do you see?". An allocation, which would tell whether strangers may relay, is
 * state at the server and is not asked for.
 *
 * Fields: `software`, `other-address` and `response-origin` (addresses that the server has by its own account, inner ones behind
 * a wrong set-up), `answer` ("error" when the Binding was refused).
 */
export const stunQuestion: UdpQuestion = {
  protocol: 'stun',
  ports: [3478],
  read,
  ask: (line) => line.exchange(encodeBinding(), read),
};

export const stunTcpQuestion: TcpQuestion = {
  protocol: 'stun',
  ports: [3478],
  tlsPorts: [5349],
  elsewhere: 'never',
  read,
  ask: (line) => line.exchange(encodeBinding(), readSoFar),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  return settled(readSoFar(received));
}

function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const binding = parseBinding(received);
  if (binding === undefined || binding === 'more') return binding;
  const { software, otherAddress, origin, isSuccess } = binding;
  return {
    name: 'stun',
    access: 'unknown',
    ...productAndVersion(software ?? ''),
    fields: [
      ...fieldsOf(['software', software]),
      ...fieldsOf(['other-address', otherAddress]),
      ...fieldsOf(['response-origin', origin]),
      ...(isSuccess ? [] : fieldsOf(['answer', 'error'])),
    ],
    concerns: [],
  };
}
