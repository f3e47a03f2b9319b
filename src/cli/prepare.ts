import { AppError } from '../lib/app-error.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Scope } from '../model/scope.ts';
import { MOST_PLACES } from '../observe/probe/discovery.ts';
import { planSweep } from '../observe/probe/sweep-plan.ts';
import { Guard } from '../scope/guard.ts';
import { loadOrganisation, requirePermission, type LoadedOrganisation } from './organisation.ts';
import { applyOverrides, type ScanOptions } from './scan-options.ts';
import { readShodanKey } from './secrets.ts';
import type { Terminal } from './terminal.ts';

export interface ScanInput {
  readonly file: string;
  readonly options: ScanOptions;
  readonly knowledge: Knowledge;
  readonly toolVersion: string;
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  readonly now: () => Date;
  /** Set when it is no scan that is prepared: its words then name no option of a scan. */
  readonly isRecheck?: boolean;
}

export interface PreparedScan extends ScanInput {
  readonly organisation: LoadedOrganisation;
  readonly scope: Scope;
  readonly shodanKey: string | undefined;
}

/** Everything that must be right before anything is sent or written. @throws AppError, ConfigError */
export function prepareScan(input: ScanInput): PreparedScan {
  const { options, knowledge, now } = input;
  const organisation = loadOrganisation(input.file, knowledge);
  const scope = applyOverrides(organisation.scope, options, knowledge);
  const shodanKey = readShodanKey(input.environment, options.shodanKeyFile);
  if (options.passive !== true)
    requirePermission(organisation, now(), input.isRecheck === true ? '' : undefined);
  if (options.only !== undefined) requireInScope(scope, options.only.address, input);
  if (options.passive !== true) requireSensibleSize(scope, options, now());
  return { ...input, organisation, scope, shodanKey };
}

function requireSensibleSize(scope: Scope, options: ScanOptions, now: Date): void {
  const { targets } = planSweep(scope, new Guard(scope, () => now), [], options.only);
  const places = targets.length * scope.probe.ports.length;
  if (options.only !== undefined || places <= MOST_PLACES) return;
  throw new AppError(
    'usage',
    `${targets.length} addresses × ${scope.probe.ports.length} ports = ${places} places, more than the ${MOST_PLACES} that one run looks at: use fewer ports (--ports standard), or one file for each site.`,
  );
}

function requireInScope(scope: Scope, address: string, { now, isRecheck }: ScanInput): void {
  const verdict = new Guard(scope, now).judgeAddress(address);
  if (verdict.allowed) return;
  throw new AppError(
    'usage',
    `${isRecheck === true ? '' : `--only ${address}: `}${verdict.sentence}. Only what is in scope can be looked at.`,
  );
}
