import type { TelnetFacts } from '../../../../model/facts.ts';

type Command = TelnetFacts['options'][number]['command'];

export interface TelnetStream {
  readonly options: readonly { readonly command: Command; readonly option: number }[];
  /** What is left when commands and subnegotiations are taken out. */
  readonly text: Uint8Array;
}

const IAC = 255;
const SE = 240;
const SB = 250;
const COMMANDS: Readonly<Record<number, Command>> = { 251: 'WILL', 252: 'WONT', 253: 'DO', 254: 'DONT' };
const BYTE_OF: Readonly<Record<Command, number>> = { WILL: 251, WONT: 252, DO: 253, DONT: 254 };

/** Takes a telnet stream apart (RFC 854, RFC 855). A command cut at the end is left out. */
export function parseTelnet(received: Uint8Array): TelnetStream {
  const options: TelnetStream['options'][number][] = [];
  const text: number[] = [];
  let at = 0;
  while (at < received.length) {
    const byte = received[at] ?? 0;
    if (byte !== IAC) {
      text.push(byte);
      at += 1;
      continue;
    }
    const next = received[at + 1];
    const command = COMMANDS[next ?? 0];
    const option = received[at + 2];
    if (next === IAC) text.push(IAC);
    if (command !== undefined && option !== undefined) options.push({ command, option });
    if (next === SB) at = endOfSubnegotiation(received, at + 2);
    else at += command === undefined ? 2 : 3;
  }
  return { options, text: Uint8Array.from(text) };
}

function endOfSubnegotiation(received: Uint8Array, start: number): number {
  for (let at = start; at < received.length - 1; at += 1) {
    if (received[at] !== IAC) continue;
    if (received[at + 1] === SE) return at + 2;
    at += 1;
  }
  return received.length;
}

/**
 * Refuses whatever is offered or asked: WILL → DONT, DO → WONT. WONT and DONT need no answer, everything is off to begin
 * with (RFC 854, "Option negotiation").
 */
export function refuseAll(options: TelnetStream['options']): Uint8Array {
  return Uint8Array.from(
    options.flatMap(({ command, option }) => {
      if (command === 'WILL') return [IAC, BYTE_OF.DONT, option];
      return command === 'DO' ? [IAC, BYTE_OF.WONT, option] : [];
    }),
  );
}

/** IANA registry "Telnet Options": those that login servers use. */
const OPTION_NAMES: Readonly<Record<number, string>> = {
  0: 'BINARY',
  1: 'ECHO',
  3: 'SUPPRESS-GO-AHEAD',
  5: 'STATUS',
  6: 'TIMING-MARK',
  18: 'LOGOUT',
  23: 'SEND-LOCATION',
  24: 'TERMINAL-TYPE',
  25: 'END-OF-RECORD',
  31: 'NAWS',
  32: 'TERMINAL-SPEED',
  33: 'REMOTE-FLOW-CONTROL',
  34: 'LINEMODE',
  35: 'X-DISPLAY-LOCATION',
  36: 'ENVIRON',
  37: 'AUTHENTICATION',
  38: 'ENCRYPT',
  39: 'NEW-ENVIRON',
  40: 'TN3270E',
  42: 'CHARSET',
  44: 'COM-PORT',
  46: 'START-TLS',
};

export function optionName(option: number): string {
  return OPTION_NAMES[option] ?? `option ${option}`;
}
