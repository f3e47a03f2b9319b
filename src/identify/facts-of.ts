import type { Facts } from '../model/facts.ts';
import type { Observation } from '../model/observation.ts';

/** The newest group of facts of each kind, over several looks at one place, given oldest first. */
export function newestFacts(observations: readonly Observation[]): Facts {
  const merged: Facts = {};
  for (const { facts } of observations) Object.assign(merged, facts);
  return merged;
}

export function isProbe({ source }: Observation): boolean {
  return source === 'probe';
}

/** The answers that say something about this place: not those to a made-up path, nor those that a redirect fetched from another port. */
export function ownAnswers(facts: Facts): NonNullable<Facts['http']>['answers'] {
  return (facts.http?.answers ?? []).filter(
    ({ control, origin }) => control !== true && origin === undefined,
  );
}

/** Value of a header, whatever its case; several of one name are joined by a line break. */
export function header(headers: readonly (readonly [string, string])[], name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join('\n');
}
