/** Pages of the report as PDF, printed by a browser of this machine: the same page, with its own rules for paper. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../lib/app-error.ts';
import { writeFileAtomically } from '../lib/atomic-file.ts';
import { showable } from '../lib/hostile-text.ts';
import { runTool, type ToolEnd } from '../observe/child-process.ts';

/** A full report of 1,000 services takes some seconds; a browser that hangs must not hang us. */
const DEADLINE_MS = 180_000;

/** Names and places under which systems install it. */
const BROWSERS: readonly string[] = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

export interface PrintInput {
  readonly html: string;
  /** Where the PDF goes. */
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Prints a page to a PDF that only its owner may read.
 *
 * @throws AppError `no-browser` when there is none, `print-failed` when it did not do it, `interrupted`, `write-failed`
 */
export async function printPdf({ html, path, environment, signal }: PrintInput): Promise<void> {
  // Beside the file, not among those of the whole machine: what lies there for a moment is as private as the report, and a
  // browser that is kept in a box of its own may read what its user's folders hold, but not /tmp.
  const folder = await mkdtemp(join(dirname(resolve(path)), 'pdf-')).catch((error: unknown) => {
    throw new AppError('write-failed', `Could not write beside ${path}.`, { cause: error });
  });
  try {
    const page = join(folder, 'page.html');
    await writeFile(page, html, { mode: 0o600 });
    const printed = join(folder, 'page.pdf');
    const end = await runBrowser(commandsOf(environment), argumentsOf(folder, page, printed), folder, signal);
    const pdf = await readFile(printed).catch(() => undefined);
    if (end.stopped !== undefined || pdf === undefined || !isWhole(pdf)) throw failure(end);
    await writeFileAtomically(path, pdf);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function commandsOf(environment: NodeJS.ProcessEnv): readonly string[] {
  const named = environment['CHROMIUM'] ?? '';
  return named === '' ? BROWSERS : [named];
}

/** No network, no profile of its user, nothing that it starts or fetches by itself. The page has no script to run. */
function argumentsOf(folder: string, page: string, printed: string): string[] {
  return [
    '--headless=new',
    `--user-data-dir=${join(folder, 'profile')}`,
    '--disable-gpu',
    '--disable-extensions',
    '--disable-sync',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-breakpad',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    '--proxy-server=127.0.0.1:9',
    // Chromium does not start for root with its sandbox, and a container often knows no other user.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--no-pdf-header-footer',
    `--print-to-pdf=${printed}`,
    pathToFileURL(page).href,
  ];
}

async function runBrowser(
  commands: readonly string[],
  argv: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<ToolEnd> {
  for (const command of commands) {
    const end = await runTool({
      command,
      argv,
      directory,
      deadlineMs: DEADLINE_MS,
      signal,
      onOutput: () => undefined,
    });
    if (end.notStarted === undefined) return end;
    if (end.notStarted !== 'ENOENT') throw noBrowser(`${command} could not be started (${end.notStarted}).`);
  }
  throw noBrowser(
    commands.length === 1 ? `There is no ${commands[0] ?? ''}.` : 'There is no browser to print with.',
  );
}

const BY_HAND = 'Without it: open the .html file in any browser and print it from there, paper size A4.';

function noBrowser(what: string): AppError {
  return new AppError(
    'no-browser',
    `${showable(what)} Install Chromium (Debian, Ubuntu: apt-get install chromium) or Google Chrome, or name one in CHROMIUM. ${BY_HAND}`,
  );
}

function isWhole(pdf: Buffer): boolean {
  return pdf.subarray(0, 5).toString('latin1') === '%PDF-' && pdf.subarray(-1024).includes('%%EOF');
}

function failure({ stopped, code, noise }: ToolEnd): AppError {
  if (stopped === 'signal') return new AppError('interrupted', 'Stopped: this PDF was not written.');
  const words = showable(noise.slice(-600), 400);
  const why =
    stopped === 'deadline'
      ? `it was not ready after ${DEADLINE_MS / 1000} s`
      : `it ended with ${code ?? 'a signal'} and no whole file. ${words === '' ? 'It said nothing' : `Its last words: ${words}`}`;
  return new AppError('print-failed', `The browser has not printed the page: ${why}. ${BY_HAND}`);
}
