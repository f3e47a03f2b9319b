/**
 * How long to wait for an answer to a SYN, learnt from the answers of the same site (hosts of one site are equally far
 * away). Until enough is known the full patience counts; then three times the round trip of the farthest host, never
 * below a floor that a busy machine needs.
 *
 * A host's round trip is the smallest of its samples: the larger ones hold our own delays.
 */
const HOSTS_NEEDED = 4;
const SAMPLES_PER_HOST = 2;
const FLOOR_MS = 200;
const FACTOR = 3;

interface SiteSamples {
  readonly hosts: Map<string, { samples: number; smallest: number }>;
  patience: number | undefined;
}

export class RoundTrips {
  readonly #fullMs: number;
  readonly #sites = new Map<string, SiteSamples>();

  constructor(fullMs: number) {
    this.#fullMs = fullMs;
  }

  sample(siteId: string, address: string, rttMs: number): void {
    const site = this.#sites.get(siteId) ?? { hosts: new Map(), patience: undefined };
    this.#sites.set(siteId, site);
    const host = site.hosts.get(address) ?? { samples: 0, smallest: rttMs };
    site.hosts.set(address, host);
    host.samples += 1;
    if (host.samples > SAMPLES_PER_HOST && rttMs >= host.smallest) return;
    host.smallest = Math.min(host.smallest, rttMs);
    site.patience = undefined;
  }

  /** Milliseconds. */
  patience(siteId: string): number {
    const site = this.#sites.get(siteId);
    if (site === undefined) return this.#fullMs;
    site.patience ??= this.#judge(site);
    return site.patience;
  }

  #judge({ hosts }: SiteSamples): number {
    const known = [...hosts.values()].filter(({ samples }) => samples >= SAMPLES_PER_HOST);
    if (known.length < HOSTS_NEEDED) return this.#fullMs;
    const farthest = Math.max(...known.map(({ smallest }) => smallest));
    return Math.min(this.#fullMs, Math.max(FLOOR_MS, farthest * FACTOR));
  }
}
