import { randomBytes } from 'node:crypto';
import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { UdpQuestion } from '../../question.ts';
import { fieldsOf } from '../fields.ts';
import { encodeReadRequest, isFirstData, parseError } from './packets.ts';

/**
 * TFTP by asking for a file of a random name. It has no log-in: who knows a name gets the file. Whether any file is there
 * is not tried, so `access` is open only when something was given even for the random name.
 *
 * Fields: `error-code` (RFC 1350), `error` (the server's words), `any-name` ("served").
 */
export const tftpQuestion: UdpQuestion = {
  protocol: 'tftp',
  ports: [69],
  answersFromAnyPort: true,
  read: readError,
  ask(line) {
    const name = `sekisho-${randomBytes(6).toString('hex')}`;
    return line.exchange(
      encodeReadRequest(name),
      (received) => readError(received) ?? (isFirstData(received) ? served() : undefined),
    );
  },
};

function readError(received: Uint8Array): ProtocolFacts | undefined {
  const error = parseError(received);
  if (error === undefined) return undefined;
  return {
    name: 'tftp',
    access: 'unknown',
    fields: fieldsOf(['error-code', error.code], ['error', error.message]),
    concerns: ['clear-text'],
  };
}

function served(): ProtocolFacts {
  return {
    name: 'tftp',
    access: 'open',
    fields: [['any-name', 'served']],
    concerns: ['clear-text', 'data-shown'],
  };
}
