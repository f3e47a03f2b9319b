/**
 * The last look before a redacted bundle is written: is a word of the organisation left in any file, in any form in which a word can be
 * written? The bundle is built so that none is; this finds the mistake in that building. What a bundle of nothing holds as well
 * (headings, names of fields) reveals nothing.
 */
import { sha256Hex } from '../../lib/hash.ts';
import type { BundleFile } from './files.ts';
import type { OwnWords } from './own-words.ts';

const SHORTEST = 4;
/** Digits and letters a-f alone: found in any digest by chance, unless as a word of its own or long. */
const HEX_ONLY = /^[0-9a-f]+$/;
const LONG_HEX = 12;
const START = 4;

/** Ids of STIX objects: digits and letters by chance. */
const STIX_ID = /(?<=--)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Own words that the files hold and `blank` does not, each once.
 *
 * @param isPublic words, lower case, that a bundle may hold whoever sends it: "pach" in "apache" names nobody
 */
export function findLeaks(
  files: readonly BundleFile[],
  blank: readonly BundleFile[],
  own: OwnWords,
  isPublic: (word: string) => boolean,
): string[] {
  const words = own.words.filter((word) => word.length >= SHORTEST || !/^[a-z0-9]*$/.test(word));
  const isAlone = (word: string): boolean => HEX_ONLY.test(word) && word.length < LONG_HEX;
  const search = searchFor(words.filter((word) => !isAlone(word)));
  const alone = new Set(words.filter(isAlone));
  const found = (texts: readonly string[]): Set<string> =>
    new Set(
      texts.flatMap((text) => [
        ...search(text),
        ...(text.match(/[0-9a-z]+/g) ?? []).filter((one) => alone.has(one)),
      ]),
    );
  // Of a file that is here: when nothing in an answer had to be masked, it is the digest of the answer as well.
  const digests = new Set(files.map(({ content }) => sha256Hex(content)));
  const isOurs = (word: string): boolean => isPublic(word) || digests.has(word);
  const written = found(
    textsOf(files).map((text) =>
      text.replaceAll(STIX_ID, ' ').replaceAll(/[0-9a-z]+/g, (word) => (isOurs(word) ? ' ' : word)),
    ),
  );
  if (written.size === 0) return [];
  const empty = found(textsOf(blank));
  return [...written].filter((word) => !empty.has(word)).toSorted();
}

function textsOf(files: readonly BundleFile[]): string[] {
  return files.flatMap(({ path, content }) =>
    [path, Buffer.from(content).toString('utf8')].map((text) => text.normalize('NFKC').toLowerCase()),
  );
}

/** Looks for all forms of all words in one pass: there are thousands of words, and files of megabytes. */
function searchFor(words: readonly string[]): (text: string) => Set<string> {
  const byStart = new Map<string, { readonly form: string; readonly word: string }[]>();
  for (const word of words) {
    for (const form of formsOf(word)) {
      const start = form.slice(0, START);
      const same = byStart.get(start);
      if (same === undefined) byStart.set(start, [{ form, word }]);
      else same.push({ form, word });
    }
  }
  const lengths = [...new Set([...byStart.keys()].map(({ length }) => length))];
  return (text) => {
    const found = new Set<string>();
    for (let at = 0; at < text.length; at += 1)
      for (const length of lengths)
        for (const { form, word } of byStart.get(text.slice(at, at + length)) ?? [])
          if (text.startsWith(form, at)) found.add(word);
    return found;
  };
}

/** As it is, backwards, in hex, in base64 at each of its three positions, and percent-encoded; lower case. */
function formsOf(word: string): string[] {
  const bytes = Buffer.from(word);
  const base64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    // The first and the last signs hold bits of what stands beside the word.
    return text
      .slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + bytes.length) * 8) / 6))
      .toLowerCase();
  });
  const long = [...base64, bytes.toString('hex'), encodeURIComponent(word).toLowerCase()].filter(
    (form) => form.length >= 8,
  );
  const back = word.length >= 8 ? [[...word].toReversed().join('')] : [];
  return [word, ...back, ...long];
}
