import { writeSync } from 'node:fs';
import { AppError } from '../lib/app-error.ts';
import { describeWriteError } from '../lib/atomic-file.ts';
import { showableLines } from '../lib/hostile-text.ts';

/** Where a command writes: stdout carries only the result that was asked for, everything else goes to stderr. */
export interface Terminal {
  result(text: string): void;
  say(text: string): void;
  /** stderr is a terminal and nobody asked for quiet. */
  readonly isInteractive: boolean;
}

export function createTerminal(environment: NodeJS.ProcessEnv): Terminal {
  return {
    result: (text) => writeAll(1, text),
    // Messages quote files, folders and answers: whatever stands in them must not steer the terminal.
    say: (text) => writeAll(2, showableLines(text)),
    isInteractive: process.stderr.isTTY && (environment['CI'] ?? '') === '' && environment['TERM'] !== 'dumb',
  };
}

/** For a line that is drawn over itself: nothing is added to the text. */
export function writeStderr(text: string): void {
  process.stderr.write(text);
}

/**
 * Writes synchronously, so that nothing is lost when the process ends. A closed pipe (`sekisho services | head`) is the
 * reader's choice: success. A full pipe is waited for. That nobody can be told is told to nobody.
 *
 * @throws AppError `write-failed` when the result cannot be written (a full disk)
 */
export function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') {
        if (descriptor === 2) return;
        throw new AppError('write-failed', `Could not write the result: ${describeWriteError(error)}`, {
          cause: error,
        });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
