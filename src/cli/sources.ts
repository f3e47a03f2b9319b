import { createMatcher } from '../identify/match/match.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { createProbeSource } from '../observe/probe/probe-source.ts';
import type { WebRequest } from '../observe/probe/probe.ts';
import { createInternetDbSource } from '../observe/shodan/internetdb-source.ts';
import { createShodanSource } from '../observe/shodan/shodan-source.ts';
import type { Source } from '../observe/source.ts';
import type { ScanOptions } from './scan-options.ts';

export interface SourcesInput {
  readonly knowledge: Knowledge;
  readonly options: ScanOptions;
  readonly shodanKey: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** The list of sources of a run. A new one is one line here. */
export function createSources({ knowledge, options, shodanKey, environment }: SourcesInput): Source[] {
  const matcher = createMatcher(knowledge.products.values());
  return [
    createProbeSource({
      enabled: options.passive !== true,
      discoverOnly: options.discoverOnly === true,
      ...(options.only === undefined ? {} : { only: options.only }),
      webRequests: webRequests(knowledge),
      indicatorPaths: knowledge.indicatorPaths ?? [],
      hinted: (facts) => matcher.hinted(facts),
    }),
    createShodanSource({ apiKey: shodanKey, env: environment }),
    createInternetDbSource({ env: environment }),
  ];
}

export function webRequests(knowledge: Knowledge): WebRequest[] {
  return [...knowledge.products.values()].flatMap((product) =>
    product.requests.map(({ path, when }) => ({ path, when, productId: product.id })),
  );
}
