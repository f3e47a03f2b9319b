/** What a finding carries for people to read beside the judgement: it decides nothing. */
import type { Finding } from '../model/finding.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Product } from '../model/product.ts';
import type { Service } from '../model/service.ts';
import { isNamed } from './exploited.ts';

/**
 * CVEs that a passive source names and that the known-exploited list has, but no product file: newest first. Such names are guessed
 * from banners, or are about the whole host, and no range is known: they are hints to look up, not a known use.
 */
export function listedOf(
  { passiveVulns }: Pick<Service, 'passiveVulns'>,
  listed: Knowledge['listedElsewhere'],
): Pick<Finding, 'listed'> {
  if (listed === undefined) return {};
  const found = [...new Set(passiveVulns)].flatMap((cve) => listed.get(cve) ?? []);
  if (found.length === 0) return {};
  const sorted = found.toSorted((a, b) =>
    a.added === b.added ? (a.cve < b.cve ? -1 : 1) : a.added < b.added ? 1 : -1,
  );
  return { listed: sorted.map(({ cve, added, ransomware }) => ({ cve, kevAdded: added, ransomware })) };
}

/** A guide for a product that may not be there would send people to the wrong place. */
export function guidesOf(service: Service, product: Product | undefined): Pick<Finding, 'guides'> {
  if (product === undefined || product.guides.length === 0 || !isNamed(service, product)) return {};
  return {
    guides: product.guides.map(({ name, url, publisher, date }) => ({
      ...name,
      url,
      publisher,
      ...(date === undefined ? {} : { date }),
    })),
  };
}
