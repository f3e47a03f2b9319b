import { existsSync } from 'node:fs';
import { ConfigError, type ConfigProblem } from '../lib/strict-yaml.ts';
import type { Knowledge } from '../model/knowledge.ts';
import { DEFAULT_ORGANISATION_FILE } from './names.ts';
import { loadOrganisation, requirePermission } from './organisation.ts';
import type { Terminal } from './terminal.ts';

/**
 * `sekisho check`: everything under config (by loading it) and the organisation file.
 *
 * @throws ConfigError with all problems
 */
export function checkCommand(
  file: string | undefined,
  knowledge: Knowledge,
  now: Date,
  terminal: Terminal,
): void {
  terminal.say(
    `Knowledge ${knowledge.version}: ${knowledge.products.size} products, ${knowledge.decisions.rows.length} rows of the decision table, advice for ${knowledge.advice.size} classes: as it should be.`,
  );
  const name = file ?? DEFAULT_ORGANISATION_FILE;
  if (file === undefined && !existsSync(name)) {
    terminal.say(`No ${name} here: only the knowledge was checked. Write one with "sekisho init".`);
    return;
  }
  const organisation = loadOrganisation(name, knowledge);
  for (const warning of organisation.warnings) terminal.say(`warning: ${describe(warning)}`);
  for (const warning of expiredExpectations(organisation.scope.expected, now))
    terminal.say(`warning: ${name}: ${warning}`);
  try {
    requirePermission(organisation, now);
  } catch (error) {
    if (!(error instanceof ConfigError) || organisation.scope.permission !== undefined) throw error;
    terminal.say(`note: ${error.message}`);
  }
  const { sites, expected, probe } = organisation.scope;
  terminal.say(
    `${name}: as it should be. ${sites.length} sites, ${expected.length} expected services, ${probe.ports.length} TCP ports (${probe.portProfile}).`,
  );
}

function describe({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column}: ${path}: ${message}`;
}

function expiredExpectations(
  expected: readonly { address: string; port: number; until: string }[],
  now: Date,
): string[] {
  return expected
    .filter(({ until }) => until < now.toISOString().slice(0, 10))
    .map(
      ({ address, port, until }) =>
        `the expected service ${address}:${port} ended on ${until} and counts no more: renew or remove it`,
    );
}
