import { openSync, writeSync } from 'node:fs';
import { pino, type DestinationStream, type Logger } from 'pino';
import { AppError, errorText } from '../lib/app-error.ts';
import { escapeUnseen } from '../lib/hostile-text.ts';
import { writeAll } from './terminal.ts';

export interface LogOptions {
  readonly file: string | undefined;
  readonly verbose: boolean;
}

/**
 * JSON lines to stderr, or to a file that only its owner can read. Warnings only, unless more is asked for.
 *
 * @throws AppError `usage` when the file cannot be opened
 */
export function createLog({ file, verbose }: LogOptions): Logger {
  return pino(
    {
      level: verbose || file !== undefined ? 'info' : 'warn',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      // Lines quote what strangers said, and are read with `tail -f`.
      hooks: { streamWrite: escapeUnseen },
      redact: {
        paths: [
          'apiKey',
          '*.apiKey',
          'key',
          '*.key',
          'password',
          '*.password',
          'authorization',
          '*.authorization',
          'url',
          '*.url',
        ],
        censor: '[redacted]',
      },
    },
    file === undefined ? { write: (line) => writeAll(2, line) } : appendTo(file),
  );
}

function appendTo(file: string): DestinationStream {
  const descriptor = open(file);
  let isBroken = false;
  return {
    write: (line) => {
      if (isBroken) return;
      try {
        writeSync(descriptor, line);
      } catch (error) {
        // A full disk costs the log, not the run: whoever logs is in the middle of something that must go on.
        isBroken = true;
        writeAll(2, `The log ${file} could not be written any more: ${errorText(error)}`);
      }
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'a', 0o600);
  } catch (error) {
    throw new AppError('usage', `--log-file ${file} cannot be written: ${errorText(error)}`, {
      cause: error,
    });
  }
}
