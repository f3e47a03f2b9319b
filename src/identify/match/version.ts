import type { Product, VersionReader } from '../../model/product.ts';
import type { VersionState } from '../../model/service.ts';
import type { Certainty } from '../../model/service-class.ts';
import type { Answers, WebAnswer } from './answers.ts';
import { isEcho, mayOccur, type Pattern, type Seen, type Vocabulary } from './pattern.ts';

export type ReadVersion = (view: { readonly answers: Answers; readonly seen: Seen }) => VersionState;

const ORDER: readonly Certainty[] = ['confirmed', 'inferred', 'to-confirm'];
const MAX_VERSION = 64;

/** The surest reading; among equals the first in the product file. Nothing read is `unknown`, never an empty text. */
export function compileVersion(product: Product, vocabulary: Vocabulary): ReadVersion {
  const readers = product.version
    .toSorted((a, b) => ORDER.indexOf(a.certainty) - ORDER.indexOf(b.certainty))
    .map((reader) => compileReader(reader, vocabulary));
  return (view) => {
    for (const read of readers) {
      const state = read(view);
      if (state !== undefined) return state;
    }
    return { state: 'unknown' };
  };
}

function compileReader(
  reader: VersionReader,
  vocabulary: Vocabulary,
): (view: Parameters<ReadVersion>[0]) => VersionState | undefined {
  const pattern = vocabulary.pattern(reader.pattern);
  const texts = compileTexts(reader, vocabulary);
  // A date or build in hex and the numbers of a handshake are no text that was looked through.
  const isLookedThrough =
    reader.http?.in !== 'first-bytes' &&
    reader.rdp === undefined &&
    reader.protocol === undefined &&
    reader.passive === undefined;
  return ({ answers, seen }) => {
    if (isLookedThrough && !mayOccur(pattern, seen)) return undefined;
    for (const { text, echoes } of texts(answers)) {
      const value = readOne(pattern, reader, text, echoes);
      if (value !== undefined) return { state: 'known', value, certainty: reader.certainty, how: reader.id };
    }
    return undefined;
  };
}

function readOne(
  pattern: Pattern,
  { map, decode }: VersionReader,
  text: string,
  echoes: readonly string[],
): string | undefined {
  const found = pattern.linear().find(text);
  const group = found?.groups[1]?.trim();
  const raw = group === undefined || decode === undefined ? group : decodeMoment(group, decode);
  if (found === undefined || raw === undefined || raw === '' || raw.length > MAX_VERSION) return undefined;
  if (isEcho(text, found, echoes)) return undefined;
  if (map === undefined) return raw;
  return Object.hasOwn(map, raw) ? map[raw] : undefined;
}

/** What a build date may be. One real ETag carried a date of 2052: then it is no date, and no version. */
const EARLIEST = Date.UTC(2005, 0, 1);
const LATEST = Date.UTC(2038, 0, 1);

/** A build date in one of the forms of `VersionReader.decode`; undefined when it is none that can be true. */
function decodeMoment(text: string, form: NonNullable<VersionReader['decode']>): string | undefined {
  const at = form === 'http-date' ? Date.parse(text) : secondsOf(text, form) * 1000;
  if (!(at >= EARLIEST && at < LATEST)) return undefined;
  return form === 'seconds-hex-le' ? String(at / 1000) : new Date(at).toISOString().slice(0, 10);
}

function secondsOf(hex: string, form: 'date-hex' | 'seconds-hex-le'): number {
  if (!/^[0-9a-f]{8}$/i.test(hex)) return Number.NaN;
  const bytes = Buffer.from(hex, 'hex');
  return form === 'date-hex' ? bytes.readUInt32BE() : bytes.readUInt32LE();
}

interface Text {
  readonly text: string;
  readonly echoes: readonly string[];
}

function compileTexts(reader: VersionReader, vocabulary: Vocabulary): (answers: Answers) => Text[] {
  const { http, greeting, datagram, protocol, ssh, rdp, tls, passive } = reader;
  const plain = (text: string | undefined): Text[] => (text === undefined ? [] : [{ text, echoes: [] }]);
  if (http !== undefined) return compileWebTexts(http, vocabulary);
  if (greeting !== undefined) {
    const { protocol: name, in: place } = greeting;
    return ({ greetings }) =>
      greetings
        .filter((one) => name === 'any' || one.protocol === name)
        .flatMap((one) => plain(place === 'text' ? one.text : one.version));
  }
  if (datagram !== undefined) return ({ datagrams }) => datagrams.flatMap(({ text }) => plain(text));
  if (protocol !== undefined) return compileProtocolTexts(protocol, plain);
  if (ssh !== undefined) return (answers) => answers.ssh.flatMap(({ banner }) => plain(banner));
  if (rdp !== undefined) return (answers) => answers.rdp.flatMap(({ facts }) => plain(facts.ntlm?.osBuild));
  if (tls !== undefined) return ({ certificates }) => certificates.flatMap((one) => plain(one[tls]));
  if (passive !== undefined) return (answers) => answers.passive.flatMap(({ version }) => plain(version));
  return () => [];
}

function compileProtocolTexts(
  { name, in: place }: NonNullable<VersionReader['protocol']>,
  plain: (text: string | undefined) => Text[],
): (answers: Answers) => Text[] {
  return ({ protocols }) =>
    protocols
      .filter(({ facts }) => facts.name === name)
      .flatMap(({ facts }) => {
        if (place === 'version') return plain(facts.version);
        if (place === 'product') return plain(facts.product);
        return facts.fields.filter(([field]) => field === place).flatMap(([, value]) => plain(value));
      });
}

function compileWebTexts(
  place: NonNullable<VersionReader['http']>,
  vocabulary: Vocabulary,
): (answers: Answers) => Text[] {
  const path = place.path === undefined ? undefined : vocabulary.pattern(place.path);
  const header = place.header?.toLowerCase() ?? '';
  const read = ({ ownBody, bodyEchoes, firstBytes, title, location, headers, echoes }: WebAnswer): Text[] => {
    if (place.in === 'body') return [{ text: ownBody(), echoes: bodyEchoes }];
    if (place.in === 'title') return [{ text: title, echoes }];
    if (place.in === 'first-bytes') return firstBytes === undefined ? [] : [{ text: firstBytes, echoes: [] }];
    if (place.in === 'location') return location === undefined ? [] : [{ text: location, echoes }];
    return (headers.get(header) ?? []).map((text) => ({ text, echoes }));
  };
  return ({ web }) =>
    web
      .filter((answer) => !answer.saidToAnything && (path === undefined || path.linear().test(answer.path)))
      .flatMap(read);
}
