import { afterEach, expect } from 'vitest';
import { Candidate, SourceCoverage } from '../../../src/model/snapshot.ts';
import { Observation } from '../../../src/model/observation.ts';
import type { Scope } from '../../../src/model/scope.ts';
import { createPacer } from '../../../src/observe/shodan/pacer.ts';
import { createShodanSource } from '../../../src/observe/shodan/shodan-source.ts';
import { KEY, holdsKey, settingFor, virtualClock, type Setting } from './setting.ts';
import { startStandIn, type Asked, type Handler, type StandIn } from './stand-in.ts';

const started: StandIn[] = [];
afterEach(async () => {
  for (const standIn of started.splice(0)) await standIn.close();
});

/** Runs the source against a stand-in; holds what must hold for every run. */
export async function run(
  scope: Scope,
  handler: Handler,
  more: { earlier?: Parameters<typeof settingFor>[1]; setting?: Setting } = {},
) {
  const standIn = await startStandIn(handler);
  started.push(standIn);
  const setting = more.setting ?? settingFor(scope, more.earlier);
  const clock = virtualClock();
  const source = createShodanSource({
    apiKey: ` ${KEY}\n`,
    env: { SHODAN_API_URL: standIn.origin },
    clock,
    pacer: createPacer(clock),
    limits: { timeoutMs: 1000, tries: 2 },
  });
  const coverage = await source.run(setting.context);
  expect(() => SourceCoverage.parse(coverage)).not.toThrow();
  for (const observation of setting.observations) expect(() => Observation.parse(observation)).not.toThrow();
  for (const candidate of setting.candidates) expect(() => Candidate.parse(candidate)).not.toThrow();
  expect(new Set(setting.observations.map(({ id }) => id)).size).toBe(setting.observations.length);
  expect(holdsKey(coverage, setting.observations, setting.candidates, setting.done, setting.logged())).toBe(
    false,
  );
  expect(coverage.requests).toBe(standIn.asked.length);
  return { coverage, asked: standIn.asked, ...setting };
}

export const pathsOf = (asked: readonly Asked[]): string[] =>
  asked.map(({ path, query }) => (query.has('page') ? `${path} ${query.get('page')}` : path));
