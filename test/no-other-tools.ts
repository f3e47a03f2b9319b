import type { Scope, ShodanSettings } from '../src/model/scope.ts';

/** Parts of a scope that nothing but the own probes and a plain use of the passive sources needs. */
export const noOtherTools: Pick<Scope, 'nmap' | 'masscan' | 'imports'> = {
  nmap: { use: false, ports: undefined, options: [], scripts: [], timeoutMinutes: 60 },
  masscan: { use: false, rate: 1000 },
  imports: [],
};

export const noSearch: ShodanSettings['search'] = {
  domains: [],
  organisations: [],
  asns: [],
  pivots: false,
};
