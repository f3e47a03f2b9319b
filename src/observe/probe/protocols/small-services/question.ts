import { randomBytes } from 'node:crypto';
import type { Concern, ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion, UdpQuestion } from '../../question.ts';
import { isCharacterGenerator, isDaytime, isQuote, isSame } from './packets.ts';

/**
 * The services of the Internet's first years. By UDP they send their answer to whatever address stands on the question,
 * so they serve to attack third parties. No fields: their words differ every time.
 */
export const daytimeQuestion: TcpQuestion = {
  protocol: 'daytime',
  ports: [13],
  elsewhere: 'never',
  read: (received) => readDaytime(received, []),
  ask: (line) => line.exchange(undefined, (received) => readDaytime(received, []) ?? more(received, 128)),
};

export const chargenQuestion: TcpQuestion = {
  protocol: 'chargen',
  ports: [19],
  elsewhere: 'never',
  read: (received) => readGenerator(received, []),
  ask: (line) => line.exchange(undefined, (received) => readGenerator(received, []) ?? more(received, 72)),
};

export const echoQuestion: TcpQuestion = {
  protocol: 'echo',
  ports: [7],
  elsewhere: 'never',
  // What an echo sends is what it was sent: by itself it proves nothing.
  read: () => undefined,
  ask(line) {
    const sent = randomText();
    return line.exchange(sent, (received) =>
      isSame(received, sent)
        ? plain('echo', [])
        : isSame(received, sent.subarray(0, received.length))
          ? 'more'
          : undefined,
    );
  },
};

export const daytimeUdpQuestion: UdpQuestion = {
  protocol: 'daytime',
  ports: [13],
  read: (received) => readDaytime(received, AMPLIFIES),
  ask: (line) => line.exchange(NOTHING, (received) => readDaytime(received, AMPLIFIES)),
};

export const chargenUdpQuestion: UdpQuestion = {
  protocol: 'chargen',
  ports: [19],
  read: (received) => readGenerator(received, AMPLIFIES),
  ask: (line) => line.exchange(NOTHING, (received) => readGenerator(received, AMPLIFIES)),
};

export const qotdUdpQuestion: UdpQuestion = {
  protocol: 'qotd',
  ports: [17],
  read: () => undefined,
  ask: (line) =>
    line.exchange(NOTHING, (received) => (isQuote(received) ? plain('qotd', AMPLIFIES) : undefined)),
};

export const echoUdpQuestion: UdpQuestion = {
  protocol: 'echo',
  ports: [7],
  read: () => undefined,
  ask(line) {
    const sent = randomText();
    return line.exchange(sent, (received) => (isSame(received, sent) ? plain('echo', AMPLIFIES) : undefined));
  },
};

const NOTHING = new Uint8Array(0);
const AMPLIFIES: readonly Concern[] = ['amplifier'];

function randomText(): Uint8Array {
  return Buffer.from(`sekisho ${randomBytes(6).toString('hex')}\r\n`, 'latin1');
}

function readDaytime(received: Uint8Array, concerns: readonly Concern[]): ProtocolFacts | undefined {
  return isDaytime(received) ? plain('daytime', concerns) : undefined;
}

function readGenerator(received: Uint8Array, concerns: readonly Concern[]): ProtocolFacts | undefined {
  return isCharacterGenerator(received) ? plain('chargen', concerns) : undefined;
}

function more(received: Uint8Array, wanted: number): 'more' | undefined {
  return received.length < wanted ? 'more' : undefined;
}

function plain(name: string, concerns: readonly Concern[]): ProtocolFacts {
  return { name, access: 'open', fields: [], concerns: [...concerns] };
}
