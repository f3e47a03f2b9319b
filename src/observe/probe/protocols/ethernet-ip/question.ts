import type { ProtocolFacts } from '../../../../model/facts.ts';
import { settled, type Reading, type TcpQuestion, type UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeListIdentity, parseIdentity, vendorName } from './packets.ts';

/**
 * EtherNet/IP (CIP) by ListIdentity, which every device answers to everybody and which opens no session.
 *
 * Fields: `vendor-id`, `vendor` (when known), `device-type`, `product-code`, `revision`, `serial`, `own-address` (an inner one behind a router).
 */
export const ethernetIpQuestion: TcpQuestion = {
  protocol: 'ethernet-ip',
  ports: [44_818],
  elsewhere: 'never',
  read,
  ask: (line) => line.exchange(encodeListIdentity(), readSoFar),
};

export const ethernetIpDatagramQuestion: UdpQuestion = {
  protocol: 'ethernet-ip',
  ports: [44_818],
  read,
  ask: (line) => line.exchange(encodeListIdentity(), read),
};

function read(received: Uint8Array): ProtocolFacts | undefined {
  return settled(readSoFar(received));
}

function readSoFar(received: Uint8Array): Reading<ProtocolFacts> {
  const identity = parseIdentity(received);
  if (identity === undefined || identity === 'more') return identity;
  const { vendor, deviceType, productCode, revision, serial, product, address } = identity;
  return {
    name: 'ethernet-ip',
    access: 'open',
    ...(product === '' ? {} : { product }),
    version: revision,
    fields: fieldsOf(
      ['vendor-id', vendor],
      ['vendor', vendorName(vendor)],
      ['device-type', deviceType],
      ['product-code', productCode],
      ['revision', revision],
      ['serial', serial.toString(16).padStart(8, '0')],
      ['own-address', address],
    ),
    concerns: ['no-authentication-type', 'data-shown'],
  };
}
