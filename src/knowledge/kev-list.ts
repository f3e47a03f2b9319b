/** CISA's catalogue of known-exploited vulnerabilities: its published form read strictly, and the short form that is kept. */
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { errorText } from '../lib/app-error.ts';
import { sha256Hex } from '../lib/hash.ts';
import { formatPath } from '../lib/strict-yaml.ts';
import { addDays, formatInstant } from '../lib/time.ts';
import { describeIssues } from '../lib/zod-issues.ts';
import type { ListedCve } from '../model/knowledge.ts';

/** The catalogue has 1.3 MB in 2025, after four years; unpacked or not, more than this is something else. */
export const MOST_BYTES = 32 * 1024 * 1024;
const MOST_NAME = 300;
const PROBLEMS_SHOWN = 3;

/** What is used of the catalogue, and what it was taken from. */
export interface KevList {
  /** "2026.11.20" */
  readonly catalogVersion: string;
  /** ISO-8601 UTC, whole seconds. */
  readonly released: string;
  /** Of the bytes of the catalogue, unpacked, in hex. */
  readonly sha256: string;
  /** Sorted by CVE id. */
  readonly entries: readonly ListedCve[];
}

/** A reason is a sentence without its subject: "holds …", to be put behind the name of the file or address. */
export type ReadKev =
  | { readonly ok: true; readonly list: KevList }
  | { readonly ok: false; readonly reason: string };

const CVE = z.string().regex(/^CVE-\d{4}-\d{4,19}$/);
const Name = z
  .string()
  .trim()
  .min(1)
  .transform((text) => text.slice(0, MOST_NAME));

/**
 * https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities_schema.json asks for less; what is used here
 * must be there. CISA adds fields now and then: what is unknown is left out.
 */
const Catalogue = z.object({
  catalogVersion: z
    .string()
    .regex(/^\d[\w.-]{0,39}$/, 'expected the version of the catalogue such as 2026.11.20'),
  dateReleased: z.iso.datetime({ offset: true, error: 'expected a moment such as 2026-11-20T17:04:19Z' }),
  count: z.number().int(),
  vulnerabilities: z
    .array(
      z.object({
        cveID: CVE,
        vendorProject: Name,
        product: Name,
        dateAdded: z.iso.date(),
        knownRansomwareCampaignUse: z.enum(['Known', 'Unknown']),
      }),
    )
    .min(1),
});

/** The kept form; `entries`: CVE, date added, 1 = known ransomware use, vendor, product. */
const Kept = z.strictObject({
  schema: z.literal(1),
  catalogVersion: z.string().min(1).max(40),
  released: z.iso.datetime(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  origin: z.string(),
  savedAt: z.iso.datetime(),
  entries: z
    .array(
      z.tuple([
        CVE,
        z.iso.date(),
        z.union([z.literal(0), z.literal(1)]),
        z.string().min(1).max(MOST_NAME),
        z.string().min(1).max(MOST_NAME),
      ]),
    )
    .min(1),
});

export interface KeptKev {
  readonly list: KevList;
  /** Address or file that it came from. */
  readonly origin: string;
  /** ISO-8601 UTC */
  readonly savedAt: string;
}

/** Reads the published JSON, plain or packed with gzip. Never throws, whatever the bytes are. */
export function readCatalogue(bytes: Uint8Array): ReadKev {
  const unpacked = unpack(bytes);
  if (typeof unpacked === 'string') return { ok: false, reason: unpacked };
  const parsed = parseJson(unpacked);
  if (!parsed.ok) return parsed;
  const result = Catalogue.safeParse(parsed.value);
  if (!result.success) {
    const problems = describeIssues(
      result.error.issues.slice(0, PROBLEMS_SHOWN),
      Catalogue,
      parsed.value,
    ).map(({ path, message }) => (path.length === 0 ? message : `${formatPath(path)}: ${message}`));
    const more = result.error.issues.length - PROBLEMS_SHOWN;
    const rest = more > 0 ? `; and ${more} more` : '';
    return { ok: false, reason: `is not CISA's catalogue: ${problems.join('; ')}${rest}` };
  }
  const { catalogVersion, dateReleased, count, vulnerabilities } = result.data;
  const released = formatInstant(new Date(dateReleased));
  const entries = vulnerabilities.map((row) => ({
    cve: row.cveID,
    added: row.dateAdded,
    ransomware: row.knownRansomwareCampaignUse === 'Known',
    vendor: row.vendorProject,
    product: row.product,
  }));
  const contradiction = contradictionIn(entries, count, released);
  if (contradiction !== undefined) return { ok: false, reason: contradiction };
  const sorted = entries.toSorted((a, b) => (a.cve < b.cve ? -1 : 1));
  return { ok: true, list: { catalogVersion, released, sha256: sha256Hex(unpacked), entries: sorted } };
}

/** Text of the kept form; the same list gives the same text but for origin and time. */
export function writeKept({ list, origin, savedAt }: KeptKev): string {
  const { catalogVersion, released, sha256, entries } = list;
  const rows = entries.map(({ cve, added, ransomware, vendor, product }) =>
    JSON.stringify([cve, added, ransomware ? 1 : 0, vendor, product]),
  );
  const head = JSON.stringify({ schema: 1, catalogVersion, released, sha256, origin, savedAt });
  return `${head.slice(0, -1)},"entries":[\n${rows.join(',\n')}\n]}\n`;
}

/** Reads the kept form. Never throws. */
export function readKept(bytes: Uint8Array): { ok: true; kept: KeptKev } | { ok: false; reason: string } {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const result = Kept.safeParse(parsed.value);
  if (!result.success) return { ok: false, reason: 'is not a list that this sekisho has written' };
  const { catalogVersion, released, sha256, origin, savedAt, entries } = result.data;
  const rows = entries.map(([cve, added, ransomware, vendor, product]) => ({
    cve,
    added,
    ransomware: ransomware === 1,
    vendor,
    product,
  }));
  return { ok: true, kept: { list: { catalogVersion, released, sha256, entries: rows }, origin, savedAt } };
}

function unpack(bytes: Uint8Array): Uint8Array | string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      return `holds more than ${MOST_BYTES / 1024 / 1024} MiB when unpacked`;
    if (code === 'Z_BUF_ERROR')
      return 'ends in the middle of its gzip data: it was downloaded or copied only in part';
    return `is damaged gzip data (${errorText(error)})`;
  }
}

function parseJson(bytes: Uint8Array): { ok: true; value: unknown } | { ok: false; reason: string } {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, reason: 'is not UTF-8 text, so it is not the JSON form of the list' };
  }
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, reason: notJson(text.trim()) };
  }
}

/** What people and networks hand over instead of the list. */
function notJson(text: string): string {
  if (text === '') return 'is empty';
  if (text.startsWith('<'))
    return 'is a web page, not the list: a log-in page or a block page of a network in between, perhaps';
  if (text.startsWith('cveID,') || text.startsWith('"cveID"'))
    return 'is the CSV form of the list: the JSON form is needed';
  if (text.startsWith('{') && !text.endsWith('}'))
    return 'ends in the middle of the JSON: it was downloaded or copied only in part';
  return 'is not JSON';
}

/** What the shape alone cannot hold. */
function contradictionIn(entries: readonly ListedCve[], count: number, released: string): string | undefined {
  if (count !== entries.length)
    return `says that it has ${count} entries and has ${entries.length}: it is not whole`;
  const seen = new Set<string>();
  // Dates of entries are those of Washington, the release is a moment: a day of difference is no contradiction.
  const last = addDays(released.slice(0, 10), 1);
  for (const { cve, added } of entries) {
    if (seen.has(cve)) return `has ${cve} twice`;
    seen.add(cve);
    if (added > last)
      return `has ${cve} as added on ${added}, after its own release on ${released.slice(0, 10)}`;
  }
  return undefined;
}
