import { AppError } from '../../lib/app-error.ts';
import { showable } from '../../lib/hostile-text.ts';
import type { ImportType } from '../../model/import.ts';
import { isOfScanner } from './csv/headings.ts';
import { FORMATS } from './formats.ts';
import type { ImportFormat } from './format.ts';

/** How much of a file, unpacked, is looked at to tell what it is. */
export const HEAD_BYTES = 64 * 1024;

const UNDERSTOOD =
  'Understood are Shodan (export, host, search, CSV), InternetDB and nrich, Censys JSON, nmap (XML, -oG, -oN), masscan (JSON, XML, list, -oG), naabu, httpx, nuclei, zgrab2 and tlsx JSON lines, and a CSV list of devices.';

/**
 * The reader for a file; undefined for an empty one of a known kind: masscan and nuclei write it when nothing was found.
 *
 * @param as what the user says it is.
 * @param head the first `HEAD_BYTES`, unpacked.
 * @throws AppError when the kind cannot be told, or the content shows another one than was said.
 */
export function chooseFormat(
  file: string,
  as: ImportType | 'auto',
  head: Uint8Array,
): ImportFormat | undefined {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (text.trim() === '') return whenEmpty(as, file);
  const bare = FORMATS.filter((format) => format.recognises(text));
  const wrapped = FORMATS.flatMap((format) => format.wrapped ?? []);
  const found = bare.length > 0 ? bare : wrapped.filter((format) => format.recognises(text));
  const [best] = found;
  if (as === 'auto') {
    if (best !== undefined) return best;
    throw new AppError('import-type', `${showable(file)}: ${whatElse(text)} ${UNDERSTOOD}`);
  }
  const wanted = found.find(({ type }) => type === as);
  if (wanted !== undefined) return wanted;
  // A list of devices looks like many things, and many things look like one.
  if (best !== undefined && best.type !== 'ledger' && as !== 'ledger') {
    throw new AppError(
      'import-type',
      `${showable(file)} was said to be ${as}, but its content is that of ${best.type}: say --as ${best.type}, or leave it out`,
    );
  }
  const ofType = FORMATS.filter(({ type }) => type === as);
  // "[" also begins a line of a log, and an IPv6 address with a port.
  const byForm = /^(?:[{<]|\[\s*(?:[[{\]]|$))/.test(text.trimStart()) ? ofType[0] : ofType.at(-1);
  if (byForm === undefined || foreign(text) !== undefined) {
    throw new AppError(
      'import-type',
      `${showable(file)} was said to be ${as}: ${whatElse(text)} ${UNDERSTOOD}`,
    );
  }
  return byForm;
}

function whenEmpty(as: ImportType | 'auto', file: string): undefined {
  if (as !== 'auto') return undefined;
  throw new AppError(
    'import-empty',
    `${showable(file)} is empty. masscan, naabu, httpx and nuclei write an empty file when they found nothing, but a tool that was stopped leaves one, too: if it came to its end, say which tool it was (--as masscan).`,
  );
}

/** The type under which an empty file is counted. */
export function withoutFormat(as: ImportType | 'auto'): ImportType {
  if (as === 'auto') throw new AppError('import-empty', 'an empty file has no type of its own');
  return as;
}

/** What the file is instead, when that can be told; one sentence. */
function foreign(text: string): string | undefined {
  const start = text.trimStart().slice(0, 500);
  if (/^<!doctype html|^<html|^<head|^<body/i.test(start)) {
    return 'this is a web page, perhaps the error page of a service in place of its answer: fetch it again.';
  }
  if (/^[[(]?\s*\{\s*u?'/.test(start)) {
    return 'this is a Python value, not JSON: write it with json.dumps, not with print.';
  }
  const error = /^\{\s*"(?:error|detail)"\s*:\s*"([^"\\]{1,200})"\s*\}\s*$/.exec(start)?.[1];
  if (error !== undefined) return `this is an error answer, not data: ${showable(error)}.`;
  return start.slice(0, 200).includes('\0') ? 'this is a binary file.' : undefined;
}

const PLACES = /^(?:(?:\d+\.\d+\.\d+\.\d+|\[[\da-f:]+\]|[\w.-]+):\d{1,5}\s+){2}/i;

function whatElse(text: string): string {
  const [first = ''] = text.trimStart().slice(0, 2000).split('\n', 1);
  if (isOfScanner(first.replaceAll('"', '').split(/[,;\t]/))) {
    return 'this is the table of a scanner: import its JSON output. If it is a list of your own devices all the same, say --as ledger.';
  }
  if (PLACES.test(`${text.trimStart().slice(0, 500)}\n`)) {
    return 'this is a list of places that does not tell who made it: if it is what naabu printed, say --as naabu.';
  }
  return foreign(text) ?? 'what this file is cannot be told from its content.';
}
