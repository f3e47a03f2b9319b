/** What of nmap the organisation file may ask for: nothing that logs in, guesses, breaks, hides or leaves the scope. */

/** One option of the safe list: alone, or with a value that must look like this. */
interface SafeOption {
  readonly value?: RegExp;
  /** What the value is, for the message. */
  readonly expected?: string;
}

const TIME = /^\d{1,6}(?:ms|s|m)?$/;
const time: SafeOption = { value: TIME, expected: 'a time such as 500ms, 2s or 5m' };

/**
 * Targets, ports, rate, output, `-n` and `-Pn` are set by sekisho itself. Not on the list, among others: -sC and -A (scripts that
 * log in), -O, -D, -S, -f (odd or false packets), --min-rate (breaks the limit), --allports (prints pages on printers), -iL, -oN.
 */
const OPTIONS: ReadonlyMap<string, SafeOption> = new Map([
  ['-sV', {}],
  ['-sT', {}],
  ['-sS', {}],
  ['-T2', {}],
  ['-T3', {}],
  ['-T4', {}],
  ['--reason', {}],
  ['--version-light', {}],
  ['--version-all', {}],
  ['--version-intensity', { value: /^[0-9]$/, expected: 'a digit' }],
  ['--max-retries', { value: /^(?:10|[0-9])$/, expected: 'a number from 0 to 10' }],
  ['--max-parallelism', { value: /^[1-9]\d{0,2}$/, expected: 'a number from 1 to 999' }],
  ['--max-rtt-timeout', time],
  ['--initial-rtt-timeout', time],
  ['--scan-delay', time],
  ['--script-timeout', time],
  ['--host-timeout', time],
]);

/** Scripts that look as our own probes do: one short conversation, nobody logs in, nothing is changed. */
const SCRIPTS: ReadonlySet<string> = new Set([
  'banner',
  'http-headers',
  'http-server-header',
  'http-title',
  'imap-capabilities',
  'ldap-rootdse',
  'mysql-info',
  'pop3-capabilities',
  'rdp-enum-encryption',
  'rdp-ntlm-info',
  'smb-protocols',
  'smb2-security-mode',
  'smb2-time',
  'smtp-commands',
  'ssh-hostkey',
  'ssh2-enum-algos',
  'ssl-cert',
  'tls-alpn',
  'vnc-info',
]);

/** Of nmap 7.93. */
const CATEGORIES =
  /^(?:all|auth|broadcast|brute|default|discovery|dos|exploit|external|fuzzer|intrusive|malware|safe|version|vuln)$/;

export interface NmapFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export interface NmapArguments {
  /** Options from the safe list, each with its value as an argument of its own or joined by "=". */
  readonly argv: readonly string[];
  readonly faults: readonly NmapFault[];
}

/**
 * Options and scripts of the organisation file as arguments. An option and its value may be one text ("--max-retries 2",
 * "--max-retries=2") or two that follow each other.
 */
export function nmapArguments(settings: {
  readonly options: readonly string[];
  readonly scripts: readonly string[];
}): NmapArguments {
  const argv: string[] = [];
  const faults: NmapFault[] = [];
  const { options, scripts } = settings;
  for (let i = 0; i < options.length; i += 1) {
    const [name = '', ...rest] = (options[i] ?? '').trim().split(/[\s=]+/);
    const option = OPTIONS.get(name);
    const takesNext =
      option?.value !== undefined && rest.length === 0 && options[i + 1]?.startsWith('-') === false;
    const values = takesNext ? [(options[i + 1] ?? '').trim()] : rest;
    const message = option === undefined ? unknownOption(name) : optionFault(name, option, values);
    if (message !== undefined) faults.push({ path: ['options', i], message });
    else argv.push(name, ...values);
    if (takesNext) i += 1;
  }
  for (const [i, script] of scripts.entries()) {
    const message = scriptFault(script);
    if (message !== undefined) faults.push({ path: ['scripts', i], message });
  }
  const wanted = scripts.filter((script) => scriptFault(script) === undefined);
  return { argv: wanted.length === 0 ? argv : [...argv, '--script', wanted.join(',')], faults };
}

/** What `sekisho check` says of the nmap part of an organisation file; paths count from there. */
export function nmapFaults(settings: {
  readonly options: readonly string[];
  readonly scripts: readonly string[];
}): readonly NmapFault[] {
  return nmapArguments(settings).faults;
}

function unknownOption(name: string): string {
  return `"${name}" is not on the list of harmless nmap options: use ${[...OPTIONS.keys()].join(', ')}`;
}

function optionFault(
  name: string,
  { value, expected }: SafeOption,
  values: readonly string[],
): string | undefined {
  if (value === undefined)
    return values.length === 0 ? undefined : `nmap's ${name} takes no value: write it alone`;
  const [given, ...more] = values;
  if (given !== undefined && more.length === 0 && value.test(given)) return undefined;
  return `nmap's ${name} needs ${expected ?? 'a value'}: write "${name} …"`;
}

function scriptFault(script: string): string | undefined {
  if (SCRIPTS.has(script)) return undefined;
  const list = `name single scripts: ${[...SCRIPTS].join(', ')}`;
  return CATEGORIES.test(script)
    ? `"${script}" is a category, and every category of nmap holds scripts that log in, guess, flood or ask third parties: ${list}`
    : `"${script}" is not on the list of harmless nmap scripts: ${list}`;
}
