/** OASIS MQTT 3.1.1 (sections 3.1, 3.2) and 5.0 (sections 3.1.2.2, 3.2). */
import type { Reading } from '../../question.ts';

/** No version of the protocol has this number; the highest bit is left out, for Mosquitto takes it for a bridge. */
const NO_SUCH_LEVEL = 127;
const CLEAN_SESSION = 0x02;

/**
 * CONNECT with a protocol level that does not exist, no user, no password, no will and no client identifier. A server must
 * refuse it before it looks at anything else (MQTT-3.1.2-2), so nobody is logged in and no session begins.
 */
export function encodeImpossibleConnect(): Uint8Array {
  const name = Buffer.from('MQTT', 'latin1');
  const variable = [0, name.length, ...name, NO_SUCH_LEVEL, CLEAN_SESSION, 0, 60, 0, 0];
  return Uint8Array.of(0x10, variable.length, ...variable);
}

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
