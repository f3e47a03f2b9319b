import type { ProtocolFacts } from '../../../../model/facts.ts';
import type { TcpQuestion, UdpQuestion, Reading } from '../../question.ts';
import { bounded } from '../fields.ts';
import { CLASS, encodeQuery, parseMessage, TYPE, type Message, type Question } from './message.ts';

const VERSION = { name: 'version.bind', type: TYPE.txt, class: CLASS.chaos };
const SERVER_ID = { name: 'id.server', type: TYPE.txt, class: CLASS.chaos };
/**
 * What every resolver has in its cache from the day it was started (RFC 8109), and what no other server serves: asking for
 * the root's name servers makes nobody ask the outside world for our sake, and only who may recurse is told.
 */
const ROOT_SERVERS = { name: '', type: TYPE.ns, class: CLASS.internet };

/** Our queries carry it, so that a bare header without the question (Unbound) is known as an answer to us. */
const ID = 0x4a69;
/** An answer so many times longer than its query makes the server a tool against others. */
const AMPLIFICATION = 10;

/**
 * DNS. Asked are the version and the name of the server (CHAOS TXT version.bind, id.server: RFC 4892) and, with RD, the name servers of
 * the root. Recursion is open when that list comes back with RA: measured on BIND 9.18.49, Unbound 1.17.1, dnsmasq 2.90 and
 * PowerDNS Recursor 4.8. RA alone proves nothing: dnsmasq sets it on refusals, and Unbound on local data for strangers, whom it refuses
 * everything else. BIND, NSD, Knot and PowerDNS Authoritative without recursion answer REFUSED.
 *
 * Fields: `version-text` (answer to version.bind as it is), `server-id`, `recursion` ("open", "refused", "tried": the server
 * went looking for us and failed, which is recursion for strangers too), `version-query` ("refused", "not-implemented", "failed").
 */
export const dnsQuestion: UdpQuestion = {
  protocol: 'dns',
  ports: [53],
  read: (received) => read(received),
  ask: (line) =>
    converse(
      (question) => line.exchange(encodeQuery(question, ID, true), (bytes) => read(bytes, question)),
      true,
    ),
};

/** DNS over TCP (RFC 7766): the same messages after two octets of length. Its long answers reach nobody but who asked. */
export const dnsTcpQuestion: TcpQuestion = {
  protocol: 'dns',
  ports: [53],
  tlsPorts: [853],
  elsewhere: 'ask',
  read: (received) => notMore(readFramed(received)),
  ask: (line) =>
    converse((question) => {
      const request = encodeQuery(question, ID, true);
      const length = Buffer.of(request.length >> 8, request.length & 0xff);
      return line.exchange(Buffer.concat([length, request]), (bytes) => readFramed(bytes, question));
    }, false),
};

/** @param isPatient a server that passes over version.bind is asked on: datagrams may be filtered by what they ask. */
async function converse(
  ask: (question: Question) => Promise<ProtocolFacts | undefined>,
  isPatient: boolean,
): Promise<ProtocolFacts | undefined> {
  const version = await ask(VERSION);
  if (version === undefined && !isPatient) return undefined;
  const root = await ask(ROOT_SERVERS);
  if (version === undefined && root === undefined) return undefined;
  const server = await ask(SERVER_ID);
  return merge([version, root, server]);
}

function merge(parts: readonly (ProtocolFacts | undefined)[]): ProtocolFacts {
  const all = parts.filter((part) => part !== undefined);
  const product = all.find((part) => part.product !== undefined)?.product;
  const version = all.find((part) => part.version !== undefined)?.version;
  return {
    name: 'dns',
    access: all.find(({ access }) => access !== 'unknown')?.access ?? 'unknown',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    fields: all.flatMap(({ fields }) => fields),
    concerns: [...new Set(all.flatMap(({ concerns }) => concerns))],
  };
}

function notMore<T>(reading: Reading<T>): T | undefined {
  return reading === 'more' ? undefined : reading;
}

const MAX_FRAMED = 4096;
const MAX_BARE = 64;

function readFramed(received: Uint8Array, asked?: Question): Reading<ProtocolFacts> {
  const [high, low] = received;
  if (high === undefined || low === undefined) return 'more';
  const length = (high << 8) | low;
  if (length < 12 || length > MAX_FRAMED) return undefined;
  if (received.length > 4 && ((received[4] ?? 0) & 0x80) === 0) return undefined;
  const facts = received.length < length + 2 ? 'more' : read(received.subarray(2, length + 2), asked);
  if (facts === undefined || facts === 'more') return facts;
  return { ...facts, concerns: facts.concerns.filter((concern) => concern !== 'amplifier') };
}

/** @param asked what an answer without a question answers; absent in recorded answers. */
function read(received: Uint8Array, asked?: Question): ProtocolFacts | undefined {
  const message = parseMessage(received);
  if (message === undefined || !message.isResponse || message.opcode !== 0 || message.code > 5)
    return undefined;
  if (message.questions.length === 0 && !isBareRefusal(message, received.length)) return undefined;
  const question = message.questions[0] ?? asked;
  if (question === undefined) return base();
  if (message.questions.length > 1 || !isOrdinary(question)) return undefined;
  if (isSame(question, VERSION)) return versionFacts(message);
  if (isSame(question, SERVER_ID)) return { ...base(), fields: texts('server-id', message) };
  if (isSame(question, ROOT_SERVERS)) return recursionFacts(message, received.length);
  return base();
}

/** Unbound refuses with the header alone, or with rests of other messages after it. Anything could be so: only with our own id. */
function isBareRefusal({ id, code, answers }: Message, length: number): boolean {
  return id === ID && code !== 0 && answers.length === 0 && length < MAX_BARE;
}

/** Names of the link (mDNS, LLMNR) and types that nobody asks for are some other protocol, or none. */
function isOrdinary({ name, type, class: klass }: Question): boolean {
  if (name === 'local' || name.endsWith('.local')) return false;
  if (type === 0 || (type > 260 && type < 32_768)) return false;
  return klass === CLASS.internet || klass === CLASS.chaos || klass === CLASS.any;
}

function isSame(one: Question, other: Question): boolean {
  return one.name.toLowerCase() === other.name && one.type === other.type && one.class === other.class;
}

function base(): ProtocolFacts {
  return { name: 'dns', access: 'unknown', fields: [], concerns: [] };
}

const VERSION_REFUSAL: Readonly<Record<number, string>> = {
  2: 'failed',
  4: 'not-implemented',
  5: 'refused',
};

function versionFacts(message: Message): ProtocolFacts {
  const fields = texts('version-text', message);
  const [, text] = fields[0] ?? [];
  const refusal = VERSION_REFUSAL[message.code];
  if (text === undefined)
    return { ...base(), fields: refusal === undefined ? [] : [['version-query', refusal]] };
  return { ...base(), ...nameAndVersion(text), fields };
}

/** "unbound 1.17.1", "dnsmasq-2.90", "Knot DNS 3.2.6", "PowerDNS Recursor 4.8.8 (built …)", and BIND's bare "9.18.49-1~deb12u3-Debian". */
function nameAndVersion(text: string): { product?: string; version?: string } {
  const match = /^(?:([A-Za-z][A-Za-z ]{0,40}[A-Za-z])[ -])?v?(\d{1,4}\.\d[\w.+~-]{0,60})(?:[ ;(]|$)/.exec(
    text,
  );
  const [, product, version] = match ?? [];
  return { ...(product === undefined ? {} : { product }), ...(version === undefined ? {} : { version }) };
}

function texts(field: string, { answers }: Message): [string, string][] {
  const text = answers.find(({ type }) => type === TYPE.txt)?.texts.join('') ?? '';
  return text === '' ? [] : [[field, bounded(text)]];
}

function recursionFacts(message: Message, length: number): ProtocolFacts {
  const { code, answers, isRecursionAvailable, isAuthoritative } = message;
  const isList = code === 0 && answers.some(({ type }) => type === TYPE.ns);
  if (isList && isRecursionAvailable && !isAuthoritative) {
    const isLarge = length >= AMPLIFICATION * encodeQuery(ROOT_SERVERS, ID, true).length;
    return {
      name: 'dns',
      access: 'open',
      fields: [['recursion', 'open']],
      concerns: isLarge ? ['open-recursion', 'amplifier'] : ['open-recursion'],
    };
  }
  if (code === 5) return { ...base(), fields: [['recursion', 'refused']] };
  if (code !== 0 && isRecursionAvailable)
    return { ...base(), fields: [['recursion', 'tried']], concerns: ['open-recursion'] };
  return base();
}
