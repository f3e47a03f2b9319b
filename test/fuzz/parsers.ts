/**
 * Every function of `src/observe` that takes bytes from the network, found in the source, so that none can be forgotten.
 * One with more than those bytes must say in `ARGUMENTS` what else to call it with; else it is listed as having no test.
 */
import { readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { globSync } from 'tinyglobby';
import { TCP_QUESTIONS } from '../../src/observe/probe/protocols/tcp.ts';
import { UDP_QUESTIONS } from '../../src/observe/probe/protocols/udp.ts';

export interface Parser {
  /** "probe/protocols/smb/smb2.ts parseNegotiateResponse" */
  readonly name: string;
  /** Words of its path: captures whose protocol is among them are its seeds. */
  readonly words: readonly string[];
  readonly run: (bytes: Uint8Array) => unknown;
}

const root = resolve(import.meta.dirname, '../../src/observe');

/** Functions that write what we send or join what we have: their bytes are our own. */
const NOT_PARSERS =
  /^(?:encode|frame$|concat$|clientFrame$|withLength$|mpint$|murmur3$|hex$|boundedBytes$|faviconHash$|ssl2Hello$)/;

/** What a parser is called with besides the bytes, by its name or "folder/name"; several lists are tried in turn. */
const ARGUMENTS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  elementLength: [[0x30, 65_536]],
  parseSearchAnswer: [[1]],
  parseResponse: [[1]],
  parseHead: [
    ['HTTP/1.1', true],
    ['SIP/2.0', false],
    ['RTSP/1.0', true],
  ],
  parseSecurityFrames: [[3], [7], [8]],
  parseSecurity: [[3], [7], [8]],
  linesUntil: [[(line: string) => line === '.']],
  decodeText: [['text/html; charset=shift_jis'], ['text/html']],
  findPacket: [[20], [31]],
  'sun-rpc/parseReply': [[], [1]],
  isSame: [[Uint8Array.of(1, 2, 3)]],
  parseVersionRefusal: [[true], [false]],
  factsOfBanner: [[undefined], [25], [23]],
  protocolsOf: [['tcp'], ['udp']],
};

export interface Found {
  readonly parsers: readonly Parser[];
  /** Parsers that nobody says how to call. */
  readonly untested: readonly string[];
}

export async function findParsers(): Promise<Found> {
  const parsers: Parser[] = questionReaders();
  const untested: string[] = [];
  for (const path of globSync('**/*.ts', { cwd: root, absolute: true }).toSorted()) {
    const names = bytesTakers(readFileSync(path, 'utf8'));
    if (names.length === 0) continue;
    const file = relative(root, path);
    const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    for (const name of names) {
      const called = module[name];
      if (typeof called !== 'function') continue;
      const folder = basename(dirname(path));
      const lists =
        ARGUMENTS[`${folder}/${name}`] ?? ARGUMENTS[name] ?? (called.length <= 1 ? [[]] : undefined);
      if (lists === undefined) untested.push(`${file} ${name}`);
      for (const list of lists ?? []) {
        parsers.push({
          name: `${file} ${name}${list.length === 0 ? '' : `(…, ${list.map(String).join(', ')})`}`,
          words: file.split(/[/.]/),
          run: (bytes) => called(bytes, ...list) as unknown,
        });
      }
    }
  }
  return { parsers, untested };
}

function questionReaders(): Parser[] {
  const all = [
    ...TCP_QUESTIONS.map((question) => ({ transport: 'tcp', question })),
    ...UDP_QUESTIONS.map((question) => ({ transport: 'udp', question })),
  ];
  return all.map(({ transport, question }) => ({
    name: `question ${question.protocol}/${transport} read`,
    words: [question.protocol],
    run: (bytes) => question.read(bytes),
  }));
}

/** Exported functions whose first parameter is bytes. */
function bytesTakers(source: string): string[] {
  const names = [...source.matchAll(/^export function (\w+)\(\s*\w+: Uint8Array\b/gm)].map(
    (match) => match[1] ?? '',
  );
  return names.filter((name) => !NOT_PARSERS.test(name));
}
