/** rlogin (RFC 1282), rsh and rexec (4.3BSD): a refusal is one byte 1 and a sentence. */
import { decodeText } from '../../tcp/text.ts';

/** The empty first string of all three: "no second channel", or the start of rlogin's. No name follows. */
export function encodeStart(): Uint8Array {
  return Uint8Array.of(0);
}

export type RCommand = 'rlogin' | 'rsh' | 'rexec' | 'r-command';

export interface Refusal {
  /** `r-command`: one of the three, the words do not tell which. */
  readonly service: RCommand;
  readonly text: string;
}

const MAX_TEXT = 256;

const SERVICES: readonly (readonly [RCommand, RegExp])[] = [
  ['rlogin', /^(?:e?klogind?|(?:in\.)?k?rlogind|UX:in\.rlogind|TCPIP RLOGIN)[: ]/],
  ['rsh', /^(?:(?:in\.)?k?rshd|remshd|INTERnet ACP|Winsock RSHD)[: ]/],
  ['rexec', /^(?:(?:in\.)?rexecd[: ]|Where are you\?)/],
  [
    'r-command',
    /^(?:[Pp]ermission denied|Login incorrect|getnameinfo: |Host name for your address|Unauthorized request)/,
  ],
];

/**
 * The refusal of a server that wants a privileged port, or a host that it trusts.
 *
 * @returns undefined also for a sentence that none of these servers is known to say: one byte 1 alone proves nothing.
 */
export function parseRefusal(received: Uint8Array): Refusal | 'more' | undefined {
  if (received.length === 0) return 'more';
  if (received[0] !== 1) return undefined;
  const bytes = received.subarray(1, 1 + MAX_TEXT);
  if (!bytes.every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13 || byte === 0))
    return undefined;
  const end = bytes.indexOf(10);
  if (end < 0) return bytes.length < MAX_TEXT ? 'more' : undefined;
  const text = decodeText(bytes.subarray(0, end), MAX_TEXT).trim();
  const service = SERVICES.find(([, pattern]) => pattern.test(text))?.[0];
  return service === undefined ? undefined : { service, text };
}
