import { createHash } from 'node:crypto';
import type { Evidence } from '../../../../model/observation.ts';

/** Bytes of each direction kept, as on every other connection. */
const MAX_KEPT = 64 * 1024;

/** What encrypted packets held. The bytes on the wire prove nothing later: nobody keeps the keys. */
export interface ClearTextRecord {
  sent(payload: Uint8Array): void;
  received(payload: Uint8Array): void;
  evidence(label: string): Evidence;
}

export function clearTextRecord(): ClearTextRecord {
  const hash = createHash('sha256');
  let sent = Buffer.alloc(0);
  let received = Buffer.alloc(0);
  let receivedBytes = 0;
  let sentBytes = 0;
  return {
    sent: (payload) => {
      sentBytes += payload.length;
      sent = Buffer.concat([sent, payload]).subarray(0, MAX_KEPT);
    },
    received: (payload) => {
      hash.update(payload);
      receivedBytes += payload.length;
      received = Buffer.concat([received, payload]).subarray(0, MAX_KEPT);
    },
    evidence: (label) => ({
      label,
      sent: sent.toString('base64'),
      received: received.toString('base64'),
      receivedBytes,
      sha256: hash.copy().digest('hex'),
      truncated: receivedBytes > received.length || sentBytes > sent.length,
    }),
  };
}
