/**
 * What a page can do beyond being read. It is a text, because the policy of the page allows exactly this text by its hash, and because the
 * sources and the compiled program must give the same bytes: a function's own text would differ between the two. It holds no word of any
 * language: those stand in `data-words` of the body, so one text serves every page. The page says everything without it.
 *
 * Rules for its parts: no backtick and no `${`, elements by `make` only (never markup from text), nothing kept beyond the page.
 */
import { sha256Hex } from '../../../lib/hash.ts';
import { BASE } from './base.ts';
import { COPY } from './copy.ts';
import { FOLD } from './fold.ts';
import { KEYS } from './keys.ts';
import { SIFT } from './sift.ts';
import { SORT } from './sort.ts';
import { THEME } from './theme.ts';

export const PAGE_SCRIPT = `(()=>{'use strict';\n${[BASE, THEME, SORT, SIFT, FOLD, COPY, KEYS].join('')}})();`;

/** As a policy names it. */
export const PAGE_SCRIPT_HASH = `sha256-${Buffer.from(sha256Hex(PAGE_SCRIPT), 'hex').toString('base64')}`;
