import { parseAddress } from '../lib/address.ts';
import { AppError, errorText } from '../lib/app-error.ts';
import { showable } from '../lib/hostile-text.ts';
import { parsePorts } from '../lib/port-list.ts';
import { isDate } from '../lib/time.ts';
import type { Priority } from '../model/finding.ts';
import type { Knowledge } from '../model/knowledge.ts';
import type { Scope } from '../model/scope.ts';
import type { Only } from '../observe/probe/sweep-plan.ts';

/** Options of `sekisho scan` as commander gives them. */
export interface ScanOptions {
  readonly reports: string;
  readonly passive?: boolean;
  readonly dryRun?: boolean;
  readonly resume?: boolean;
  readonly discoverOnly?: boolean;
  readonly only?: Only;
  readonly rate?: number;
  readonly ports?: string;
  readonly vantage?: string;
  /** Files to take in before the run. */
  readonly import?: readonly string[];
  readonly lang?: readonly ('ja' | 'en')[];
  readonly failOn: Priority;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly logFile?: string;
  readonly shodanKeyFile?: string;
}

/** What the command line overrides for this one run; who may be looked at is never among it. */
export function applyOverrides(scope: Scope, options: ScanOptions, knowledge: Knowledge): Scope {
  const ports = options.ports === undefined ? undefined : readPorts(options.ports, knowledge);
  return {
    ...scope,
    languages: options.lang ?? scope.languages,
    vantage: options.vantage ?? scope.vantage,
    probe: { ...scope.probe, ...ports, ...(options.rate === undefined ? {} : { rate: options.rate }) },
  };
}

function readPorts(text: string, knowledge: Knowledge): { ports: readonly number[]; portProfile: string } {
  const profile = Object.hasOwn(knowledge.ports, text) ? knowledge.ports[text] : undefined;
  if (profile !== undefined) return { ports: profile, portProfile: text };
  try {
    return { ports: parsePorts(text), portProfile: 'own' };
  } catch (error) {
    throw new AppError(
      'usage',
      `--ports: ${errorText(error)}; or a profile: ${Object.keys(knowledge.ports).join(', ')}`,
    );
  }
}

/** Stands in reports, file after file: short, and nothing in it that cannot be seen. @throws AppError */
export function parseVantage(text: string): string {
  const name = text.trim();
  if (/^[^\p{C}\p{Zl}\p{Zp}]{1,60}$/u.test(name) && showable(name) === name) return name;
  throw new AppError('usage', 'write a name of 1 to 60 printable characters, such as office-lan');
}

/** "2026-11-20" @throws AppError */
export function parseObserved(text: string): string {
  if (isDate(text)) return text;
  throw new AppError('usage', 'write a date that exists, as YYYY-MM-DD');
}

/** "203.0.113.10", "203.0.113.10:3389", "[2001:db8::1]:443". @throws AppError */
export function parseOnly(text: string): Only {
  const [, bracketed, plain, portText] =
    /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:]+|[0-9a-fA-F:.]*::?[0-9a-fA-F:.]*?))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const whole = parseAddress(text);
  if (whole !== undefined) return { address: whole.text, port: undefined };
  const address = parseAddress(bracketed ?? plain ?? '');
  const port = portText === undefined ? undefined : Number(portText);
  if (address === undefined || (port !== undefined && (port < 1 || port > 65535))) {
    throw new AppError(
      'usage',
      `--only ${text}: write ADDRESS or ADDRESS:PORT, an IPv6 address in brackets: [2001:db8::1]:443`,
    );
  }
  return { address: address.text, port };
}
