import { join } from 'node:path';
import { createMatcher } from '../identify/match/match.ts';
import { dataDirectory } from '../lib/data-directory.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Scope } from '../model/scope.ts';
import { createNmapSource } from '../observe/nmap/nmap-source.ts';
import { createProbeSource } from '../observe/probe/probe-source.ts';
import type { WebRequest } from '../observe/probe/probe.ts';
import { createInternetDbSource } from '../observe/shodan/internetdb-source.ts';
import { createShodanSource } from '../observe/shodan/shodan-source.ts';
import type { Source } from '../observe/source.ts';
import type { ScanOptions } from './scan-options.ts';

export interface SourcesInput {
  readonly scope: Scope;
  readonly knowledge: Knowledge;
  readonly options: ScanOptions;
  readonly shodanKey: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/** The list of sources of a run. A new one is one line here. */
export function createSources({ scope, knowledge, options, shodanKey, environment }: SourcesInput): Source[] {
  return [
    ownProbes(knowledge, options),
    ...(scope.nmap.use ? [nmapSource(options)] : []),
    createShodanSource({ apiKey: shodanKey, env: environment, paceFolder: paceFolder(environment) }),
    createInternetDbSource({ env: environment, paceFolder: paceFolder(environment) }),
  ];
}

/** The probes of this tool, with all that they know to ask. */
export function ownProbes(
  knowledge: Knowledge,
  { passive, discoverOnly, only }: Pick<ScanOptions, 'passive' | 'discoverOnly' | 'only'>,
): Source {
  const matcher = createMatcher(knowledge.products.values());
  return createProbeSource({
    enabled: passive !== true,
    discoverOnly: discoverOnly === true,
    ...(only === undefined ? {} : { only }),
    webRequests: webRequests(knowledge),
    indicatorPaths: knowledge.indicatorPaths ?? [],
    hinted: (facts) => matcher.hinted(facts),
  });
}

function nmapSource({ passive, discoverOnly, only }: ScanOptions): Source {
  return createNmapSource({
    enabled: passive !== true && discoverOnly !== true,
    ...(only === undefined ? {} : { only }),
  });
}

/** Where runs of one user see each other's requests to a service that counts them. */
function paceFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const data = dataDirectory(environment);
  return data === undefined ? undefined : join(data, 'pace');
}

export function webRequests(knowledge: Knowledge): WebRequest[] {
  return [...knowledge.products.values()].flatMap((product) =>
    product.requests.map(({ path, when }) => ({ path, when, productId: product.id })),
  );
}
