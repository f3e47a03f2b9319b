/** OASIS MQTT 3.1.1 (sections 3.1, 3.2) and 5.0 (sections 3.1.2.2, 3.2). */
import type { Reading } from '../../question.ts';

/** PINGREQ (section 3.12): complete, and forbidden before CONNECT (MQTT-3.1.0-1). */
export const PING_REQUEST = Uint8Array.of(0xc0, 0x00);
/** The type of a CONNECT and nothing more: no length, no name, no log-in. */
export const CONNECT_BEGINS = Uint8Array.of(0x10);

export interface ConnectAnswer {
  /** The form of the answer: 3 for MQTT 3.1 and 3.1.1. */
  readonly form: 3 | 5;
  /** Return code of 3.1.1 (0 to 5) or reason code of 5.0. */
  readonly code: number;
}

const CONNACK = 0x20;

/** A whole CONNACK and nothing behind it. */
export function parseConnectAnswer(received: Uint8Array): Reading<ConnectAnswer> {
  const [type = CONNACK, length = 2, flags = 0, code] = received;
  if (type !== CONNACK || length < 2 || length > 127 || flags > 1 || received.length > length + 2)
    return undefined;
  if (received.length < length + 2 || code === undefined) return 'more';
  if (length === 2) return code <= 5 ? { form: 3, code } : undefined;
  const isReason = code === 0 || (code >= 0x80 && code <= 0xa2);
  return isReason && received[4] === length - 3 ? { form: 5, code } : undefined;
}
