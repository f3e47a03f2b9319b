import { createContext } from 'preact';

/** Said under the heading of every section. Empty: nothing. */
export const SectionNote = createContext('');
