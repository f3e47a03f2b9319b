/** What the product files say of an entry of the list, brought up to the date of a newer list. */
import type { Knowledge, ListedCve } from '../model/knowledge.ts';
import type { ExploitedCve } from '../model/product.ts';
import type { KevList } from './kev-list.ts';

/**
 * The knowledge as judged by a newer list: the date of listing and the ransomware flag of every exploited CVE come from it. A CVE
 * that the list no longer has loses its date, since "listed since" would be wrong; it stays, as the product file has its own source.
 * What the list has and no product file knows has no range: it is only looked up where a passive source names it.
 *
 * A list older than the files themselves changes nothing: they were written from a newer one.
 */
export function mergeKev(knowledge: Knowledge, list: KevList): Knowledge {
  const released = list.released.slice(0, 10);
  if (released < knowledge.advisoryData) return knowledge;
  const listed = new Map(list.entries.map((entry) => [entry.cve, entry]));
  const products = new Map(
    [...knowledge.products].map(([id, product]) => [
      id,
      {
        ...product,
        exploited: product.exploited.map((row) => mergeRow(row, listed.get(row.cve), released)),
      },
    ]),
  );
  return {
    ...knowledge,
    advisoryData: released,
    advisoryList: {
      catalogVersion: list.catalogVersion,
      released: list.released,
      sha256: list.sha256,
      entries: list.entries.length,
    },
    products,
    listedElsewhere: listedElsewhere(list, products),
  };
}

function mergeRow(row: ExploitedCve, listed: ListedCve | undefined, released: string): ExploitedCve {
  if (listed !== undefined) return { ...row, kev: listed.added, ransomware: listed.ransomware };
  // Not listed yet when this list came out: what the file says is newer.
  if (row.kev === undefined || row.kev > released) return row;
  const { kev: _kev, ...rest } = row;
  return { ...rest, ransomware: false };
}

/** What no product file has. */
function listedElsewhere(
  { entries }: KevList,
  products: Knowledge['products'],
): ReadonlyMap<string, ListedCve> {
  const known = new Set([...products.values()].flatMap(({ exploited }) => exploited.map(({ cve }) => cve)));
  return new Map(entries.filter(({ cve }) => !known.has(cve)).map((entry) => [entry.cve, entry]));
}
