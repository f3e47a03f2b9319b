/** The files of a bundle, as text and bytes: what is written, and nothing else, comes from here. */
import { sha256Hex } from '../../lib/hash.ts';
import { escapeUnseen } from '../../lib/hostile-text.ts';
import type { Contact } from '../../model/contacts.ts';
import { writeReadme } from './readme.ts';
import type { BuiltBundle } from './build.ts';
import { deskFiles } from './desk.ts';
import { indicatorsFile } from './indicators-csv.ts';
import { stixFile } from './stix.ts';
import type { SharedBundle } from './shared-record.ts';

export interface BundleFile {
  /** In the bundle's folder, with "/" between folders; only letters, digits, ".", "-" and "_" besides. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** Further forms of the bundle, each made from the redacted record alone. */
const EXTRA_FILES: readonly ((
  bundle: SharedBundle,
  contacts: readonly Contact[],
) => BundleFile | readonly BundleFile[])[] = [stixFile, indicatorsFile, deskFiles];

/** All files but the list of digests, sorted by path. */
export function filesOf({
  bundle,
  evidence,
  contacts = [],
}: Pick<BuiltBundle, 'bundle' | 'evidence'> & Partial<Pick<BuiltBundle, 'contacts'>>): BundleFile[] {
  return [
    { path: 'bundle.json', content: `${escapeUnseen(JSON.stringify(bundle, undefined, 2))}\n` },
    ...evidence,
    { path: 'README_ja.txt', content: writeReadme(bundle, 'ja') },
    { path: 'README_en.txt', content: writeReadme(bundle, 'en') },
    ...EXTRA_FILES.flatMap((make) => make(bundle, contacts)),
  ].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** As `sha256sum -c` reads it. */
export function digestList(files: readonly BundleFile[]): BundleFile {
  const lines = files.map(({ path, content }) => `${sha256Hex(content)}  ${path}\n`);
  return { path: 'SHA256SUMS', content: lines.join('') };
}
