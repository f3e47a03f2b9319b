import type { Asset } from '../model/import.ts';
import { readLedger } from '../model/ledger.ts';
import type { Service } from '../model/service.ts';

/** A place of which more rows speak is a range that somebody wrote down too often; the nearest rows tell enough. */
const MAX_ROWS = 5;

/** Gives each service the rows of the organisation's own list that speak of its place. */
export function withAssets(services: readonly Service[], assets: readonly Asset[]): Service[] {
  if (assets.length === 0) return [...services];
  const ledger = readLedger(assets);
  return services.map((service) => {
    const rows = ledger.speakingOf(service).slice(0, MAX_ROWS);
    return rows.length === 0 ? service : { ...service, assets: rows };
  });
}
