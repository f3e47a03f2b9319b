import type { Product, VersionReader } from '../../model/knowledge.ts';
import type { VersionState } from '../../model/service.ts';
import type { Certainty } from '../../model/service-class.ts';
import type { Answers, WebAnswer } from './answers.ts';
import { compile, isEcho, type Matcher } from './pattern.ts';

export type ReadVersion = (answers: Answers) => VersionState;

const ORDER: readonly Certainty[] = ['confirmed', 'inferred', 'to-confirm'];
const MAX_VERSION = 64;

/** The surest reading; among equals the first in the product file. Nothing read is `unknown`, never an empty text. */
export function compileVersion(product: Product): ReadVersion {
  const readers = product.version
    .toSorted((a, b) => ORDER.indexOf(a.certainty) - ORDER.indexOf(b.certainty))
    .map(compileReader);
  return (answers) => {
    for (const read of readers) {
      const state = read(answers);
      if (state !== undefined) return state;
    }
    return { state: 'unknown' };
  };
}

function compileReader(reader: VersionReader): (answers: Answers) => VersionState | undefined {
  const matcher = compile(reader.pattern);
  const texts = compileTexts(reader);
  return (answers) => {
    for (const { text, lower, echoes } of texts(answers)) {
      if (matcher.literal !== undefined && lower !== undefined && !lower.includes(matcher.literal)) continue;
      const value = readOne(matcher, reader, text, echoes);
      if (value !== undefined) return { state: 'known', value, certainty: reader.certainty, how: reader.id };
    }
    return undefined;
  };
}

function readOne(
  { expression }: Matcher,
  { map }: VersionReader,
  text: string,
  echoes: readonly string[],
): string | undefined {
  const found = expression.exec(text);
  const raw = found?.[1]?.trim();
  if (found === null || raw === undefined || raw === '' || raw.length > MAX_VERSION) return undefined;
  if (echoes.length > 0 && isEcho(found[0], echoes)) return undefined;
  if (map === undefined) return raw;
  return Object.hasOwn(map, raw) ? map[raw] : undefined;
}

interface Text {
  readonly text: string;
  readonly lower?: string;
  readonly echoes: readonly string[];
}

function compileTexts(reader: VersionReader): (answers: Answers) => Text[] {
  const { http, greeting, ssh, rdp, tls, passive } = reader;
  const plain = (text: string | undefined): Text[] => (text === undefined ? [] : [{ text, echoes: [] }]);
  if (http !== undefined) return compileWebTexts(http);
  if (greeting !== undefined) {
    const { protocol, in: place } = greeting;
    return ({ greetings }) =>
      greetings
        .filter((one) => protocol === 'any' || one.protocol === protocol)
        .flatMap((one) => plain(place === 'text' ? one.text : one.version));
  }
  if (ssh !== undefined) return (answers) => answers.ssh.flatMap(({ banner }) => plain(banner));
  if (rdp !== undefined) return (answers) => answers.rdp.flatMap(({ facts }) => plain(facts.ntlm?.osBuild));
  if (tls !== undefined) return ({ certificates }) => certificates.flatMap((one) => plain(one[tls]));
  if (passive !== undefined) return (answers) => answers.passive.flatMap(({ version }) => plain(version));
  return () => [];
}

function compileWebTexts(place: NonNullable<VersionReader['http']>): (answers: Answers) => Text[] {
  const path = place.path === undefined ? undefined : compile(place.path);
  const header = place.header?.toLowerCase() ?? '';
  const read = ({ body, bodyLower, title, location, headers, echoes }: WebAnswer): Text[] => {
    if (place.in === 'body') return [{ text: body, lower: bodyLower, echoes }];
    if (place.in === 'title') return [{ text: title, echoes }];
    if (place.in === 'location') return location === undefined ? [] : [{ text: location, echoes }];
    return (headers.get(header) ?? []).map((text) => ({ text, echoes }));
  };
  return ({ web }) =>
    web
      .filter((answer) => !answer.saidToAnything && (path === undefined || path.expression.test(answer.path)))
      .flatMap(read);
}
